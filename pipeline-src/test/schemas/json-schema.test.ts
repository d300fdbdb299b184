import { describe, expect, it } from '@jest/globals'
import { Type } from 'typebox'
import { jsonSchema } from '../../src/schemas/json-schema.js'
import type { RegisteredSchema } from '../../src/schemas/registered-schema.js'
import { readFrame, writeFrame } from '../../src/schemas/wire-frame.js'

const user = jsonSchema(
  Type.Object({ name: Type.String(), number: Type.Number({ exclusiveMinimum: 0 }) }, { title: 'User' }),
)
const context = { handledAtMs: 0 }
const frameOf = (json: string, id = 1) => writeFrame(id, Buffer.from(json))
const writerOf = (schema: object | string, references: RegisteredSchema['references'] = []): RegisteredSchema => ({
  type: 'JSON',
  text: typeof schema === 'string' ? schema : JSON.stringify(schema),
  references,
})
const readAs = (writer: RegisteredSchema, json: string) =>
  user.registered?.bind({ get: () => writer }, 1).decode(frameOf(json, 4))

describe('a frame', () => {
  it('is a zero, the id in four bytes, and the payload', () => {
    const frame = writeFrame(258, Buffer.from('x'))
    expect([...frame]).toEqual([0, 0, 0, 1, 2, 0x78])
    expect(readFrame(frame)).toEqual({ ok: true, schemaId: 258, payload: Buffer.from('x') })
  })

  it.each([
    [Buffer.from('{"a":1}'), '7b2261223a'],
    [Buffer.from([0, 0, 0, 1]), '00000001'],
    [Buffer.alloc(0), 'nothing'],
  ])('is refused if it is %j', (bytes, start) => {
    expect(readFrame(bytes)).toEqual({
      ok: false,
      reason: 'value_not_framed',
      message: `expected 0x00 and the id of a schema in 4 bytes, got ${start}`,
    })
  })
})

describe('jsonSchema', () => {
  it('registers the schema as it was written, of draft 7', () => {
    expect(JSON.parse(user.registered?.own.text ?? '')).toEqual({
      $schema: 'http://json-schema.org/draft-07/schema#',
      title: 'User',
      type: 'object',
      required: ['name', 'number'],
      properties: { name: { type: 'string' }, number: { type: 'number', exclusiveMinimum: 0 } },
    })
  })

  it('gives back a value, further fields included', () => {
    const value = { name: 'a', number: 1.5, more: [null] }
    expect(user.encode(value, context)).toEqual({ ok: true, bytes: frameOf(JSON.stringify(value)) })
    expect(user.decode(frameOf(JSON.stringify(value)))).toEqual({ ok: true, value })
  })

  it.each([
    ['another value', '{"name":"a","number":-1}', 'schema_mismatch', 'schema 1: expected number to be > 0, got -1'],
    ['no JSON', 'x', 'schema_mismatch', 'schema 1: expected JSON, got "x" at character 0'],
    [
      'an integer beyond 2^53',
      '{"name":"a","number":9007199254740993}',
      'value_not_valid',
      'expected integers between -2^53 and 2^53, got 9007199254740993',
    ],
  ])('refuses %s', (_what, json, reason, message) => {
    expect(user.decode(frameOf(json))).toEqual({ ok: false, reason, message })
  })

  it('refuses an id that the registry does not have, and a tombstone', () => {
    expect(user.decode(frameOf('{}', 2))).toEqual({
      ok: false,
      reason: 'schema_unknown',
      message: 'expected a schema of the registry, got the id 2',
    })
    expect(user.decode(null)).toMatchObject({ reason: 'value_empty' })
    expect(user.encode({ name: 'a', number: -1 }, context)).toMatchObject({ ok: false, reason: 'value_not_valid' })
  })

  it("checks a value by its writer's schema too", () => {
    const writer = writerOf({
      $schema: 'http://json-schema.org/draft-07/schema#',
      $id: 'http://x/y',
      properties: { name: { maxLength: 1 } },
    })
    expect(readAs(writer, '{"name":"a","number":1}')).toEqual({ ok: true, value: { name: 'a', number: 1 } })
    expect(readAs(writer, '{"name":"ab","number":1}')).toMatchObject({ reason: 'schema_mismatch' })
  })

  it('follows references between schemas', () => {
    const writer = writerOf({ properties: { name: { $ref: 'name.json' } } }, [
      { name: 'name.json', text: '{"type":"string","maxLength":1}' },
    ])
    expect(readAs(writer, '{"name":"a","number":1}')).toMatchObject({ ok: true })
    expect(readAs(writer, '{"name":"ab","number":1}')).toMatchObject({ reason: 'schema_mismatch' })
  })

  it.each([
    [
      'of another type',
      { type: 'AVRO', text: '"string"', references: [] } as const,
      'schema 4: expected a schema of type JSON, got AVRO',
    ],
    ['that is none', writerOf('{'), expect.stringContaining('expected a JSON Schema, got another text')],
  ])('refuses a schema %s', (_what, writer, message) => {
    expect(readAs(writer, '{}')).toEqual({ ok: false, reason: 'schema_mismatch', message })
  })
})
