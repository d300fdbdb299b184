import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createJsonWriter } from '../../src/formats/json-writer.js'

const freezeThrough = (value: unknown): unknown => {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(freezeThrough)
  return Object.freeze(value)
}

const part = fc.anything({ withSparseArray: true, withDate: true, withMap: true, maxDepth: 3 })
const field = fc.oneof(part, fc.string({ unit: 'binary' }), fc.double(), part.map(freezeThrough))
const key = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'toJSON', '1', 'constructor'))

describe('createJsonWriter', () => {
  it('writes what JSON.stringify writes, again and again', () => {
    const write = createJsonWriter()
    fc.assert(
      fc.property(fc.oneof(fc.dictionary(key, field, { maxKeys: 6 }), part), (value) => {
        const expected = JSON.stringify(value)
        return write(value) === expected && write(value) === expected
      }),
      { numRuns: 2_000 },
    )
  })

  it('sees what has changed in a part that is not frozen to the bottom', () => {
    const write = createJsonWriter()
    const inner = { at: 1 }
    const value = { part: Object.freeze({ inner }) }
    expect(write(value)).toBe('{"part":{"inner":{"at":1}}}')
    inner.at = 2
    expect(write(value)).toBe('{"part":{"inner":{"at":2}}}')
  })

  it('does not keep the text of a part that computes its fields', () => {
    const write = createJsonWriter()
    let count = 0
    const part = Object.freeze({
      get count() {
        return ++count
      },
    })
    expect([write({ part }), write({ part })]).toEqual(['{"part":{"count":1}}', '{"part":{"count":2}}'])
  })

  it('keeps the text of a frozen part', () => {
    const write = createJsonWriter()
    const station = Object.freeze({ id: 'a', location: Object.freeze({ lat: 1.5 }), flags: Object.freeze(['x', null]) })
    const expected = '{"station":{"id":"a","location":{"lat":1.5},"flags":["x",null]},"TMIN":-0.5}'
    expect(write({ station, TMIN: -0.5, gone: undefined })).toBe(expected)
  })
})
