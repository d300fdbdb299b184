import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { json, Type } from '../src/index.js'

const context = { handledAtMs: 1_707_217_879_944 }
const Pet = Type.Object({ name: Type.String(), owner: Type.Optional(Type.String()), 'a/b': Type.Integer() })
const pets = json(Pet, { fields: { owner: 'from.owner.name', 'a/b': '/from/a~1b' } })

describe('json with fields', () => {
  it('picks and renames, and writes what it reads', () => {
    const text = '{"name":"Rex","from":{"owner":{"name":"Ann"},"a/b":3}}'
    const value = { name: 'Rex', owner: 'Ann', 'a/b': 3 }
    expect(pets.decode(Buffer.from(text.replace('{', '{"more":1,')))).toEqual({ ok: true, value })
    expect(pets.encode(value, context)).toEqual({ ok: true, bytes: Buffer.from(text) })
  })

  it('leaves out what is not there, and refuses what has to be', () => {
    expect(pets.decode(Buffer.from('{"name":"Rex","from":{"owner":5,"a/b":3}}'))).toEqual({
      ok: true,
      value: { name: 'Rex', 'a/b': 3 },
    })
    expect(pets.decode(Buffer.from('{"name":"Rex","from":null}')).ok).toBe(false)
    expect(pets.decode(Buffer.from('[]')).ok).toBe(false)
  })

  it('reads what it wrote', () => {
    const pet = fc.record(
      { name: fc.string(), owner: fc.string(), 'a/b': fc.maxSafeInteger() },
      { requiredKeys: ['name', 'a/b'] },
    )
    fc.assert(
      fc.property(pet, (value) => {
        const encoded = pets.encode(value, context)
        const decoded = pets.decode(encoded.ok ? encoded.bytes : null)
        expect(decoded.ok && JSON.stringify(decoded.value)).toBe(JSON.stringify(value))
      }),
    )
  })

  it('refuses fields that the schema does not have, and paths that lead through each other', () => {
    // @ts-expect-error a pet has no such field
    expect(() => json(Pet, { fields: { age: 'age' } })).toThrow(
      'json: expected fields of the schema (name, owner, a/b), got age',
    )
    expect(() => json(Pet, { fields: { owner: 'name.first' } })).toThrow('expected a place of its own for owner')
    expect(() => json(Pet, { fields: { owner: 'name' } })).toThrow('expected a place of its own')
  })
})

describe('json with changes', () => {
  it('adds when the input was handled, and that it is an insertion', () => {
    const values = json(Type.Object({ value: Type.Integer() }), { changes: true })
    const encoded = values.encode({ value: 3 }, context)
    expect(encoded.ok && String(encoded.bytes)).toBe('{"value":3,"time":1707217879944,"diff":1}')
  })

  it('refuses a schema with such fields', () => {
    expect(() => json(Type.Object({ time: Type.Integer() }), { changes: true })).toThrow('fields called time and diff')
    expect(() => json(Type.String(), { changes: true })).toThrow('fields called time and diff')
  })
})
