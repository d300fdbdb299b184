import { describe, expect, it } from '@jest/globals'
import { json, raw, Type } from '../src/index.js'

const context = { handledAtMs: 0 }

const Reading = Type.Object({
  id: Type.String(),
  count: Type.Integer(),
  rain: Type.Optional(Type.Union([Type.Number(), Type.Null()])),
  place: Type.Object({ lat: Type.Number() }),
})
const reading = json(Reading)
const decode = (text: string | Buffer | null) => reading.decode(typeof text === 'string' ? Buffer.from(text) : text)
const refused = (reason: string, message: string) => ({ ok: false, reason, message })

describe('json', () => {
  it('reads what fits the schema, further fields included, in their order', () => {
    const value = { z: 1, id: 'a', count: 2, place: { lat: 1.5 }, more: [null] }
    expect(decode(JSON.stringify(value))).toEqual({ ok: true, value })
    expect(reading.encode(value, context)).toEqual({ ok: true, bytes: Buffer.from(JSON.stringify(value)) })
  })

  it.each([
    [null, 'value_empty', 'expected JSON, got an empty value'],
    ['', 'value_empty', 'expected JSON, got an empty value'],
    [Buffer.from([0xff]), 'value_not_utf8', 'expected UTF-8, got other bytes'],
    ['not json', 'value_not_json', 'expected JSON, got "o" at character 1'],
    ['\ufeff{}', 'value_not_json', 'expected JSON, got a byte order mark before it'],
    ['\u0000{}', 'value_not_json', 'expected JSON, got the character U+0000 at character 0'],
    ['{"x":x}', 'value_not_json', 'expected JSON, got "x" at character 5'],
    ['{"a":1,}', 'value_not_json', 'expected JSON, got "}" at character 7'],
    ['{"a":1', 'value_not_json', 'expected JSON, got the end at character 6'],
    ['{"a":"b', 'value_not_json', 'expected JSON, got a text that ends at character 7'],
    ['{} {}', 'value_not_json', 'expected one JSON value, got "{" after it at character 3'],
  ])('refuses %j', (text, reason, message) => {
    expect(decode(text)).toEqual(refused(reason, message))
  })

  it.each([
    [{ id: 'a', count: 1.5, place: { lat: 1 } }, 'expected count to be integer, got 1.5'],
    [{ id: 'a', count: 1, place: { lat: 'x' } }, 'expected place.lat to be number, got "x"'],
    [{ id: 1, count: 1, place: { lat: 1 } }, 'expected id to be string, got 1'],
    [[], 'expected the value to be object, got []'],
  ])('names the field of %j', (value, message) => {
    expect(decode(JSON.stringify(value))).toEqual(refused('value_not_valid', message))
  })

  it('refuses integers that a double cannot hold, wherever they are', () => {
    const text = '{"id":"9007199254740993","count":1,"place":{"lat":1},"more":[9007199254740993]}'
    const message = 'expected integers between -2^53 and 2^53, got 9007199254740993'
    expect(decode(text)).toEqual(refused('value_not_valid', message))
    expect(decode(text.replace('[9007199254740993]', '[]')).ok).toBe(true)
  })

  it('keeps a field called __proto__ a field', () => {
    const decoded = json(Type.Object({})).decode(Buffer.from('{"__proto__":{"polluted":1}}'))
    expect(decoded.ok && JSON.stringify(decoded.value)).toBe('{"__proto__":{"polluted":1}}')
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })

  it('takes tombstones where the schema allows null', () => {
    const format = json(Type.Union([Reading, Type.Null()]))
    expect(format.decode(null)).toEqual({ ok: true, value: null })
    expect(format.encode(null, context)).toEqual({ ok: true, bytes: null })
  })

  it('refuses to write what does not fit', () => {
    const wrong = { id: 'a', count: Number.NaN, place: { lat: 1 } }
    expect(reading.encode(wrong, context)).toEqual(refused('value_not_valid', 'expected count to be integer, got null'))
  })
})

describe('raw', () => {
  it('takes text as it is', () => {
    expect(raw().decode(Buffer.from('héllo'))).toEqual({ ok: true, value: { data: 'héllo' } })
    expect(raw().encode({ data: 'héllo' }, context)).toEqual({ ok: true, bytes: Buffer.from('héllo') })
    expect(raw().decode(Buffer.alloc(0))).toEqual({ ok: true, value: { data: '' } })
  })

  it('refuses other bytes, and tombstones', () => {
    expect(raw().decode(Buffer.from([0xc3]))).toEqual(refused('value_not_utf8', 'expected UTF-8, got other bytes'))
    expect(raw().decode(null)).toEqual(refused('value_empty', 'expected a value, got none'))
  })

  it('refuses to write half of a surrogate pair', () => {
    expect(raw().encode({ data: 'a\ud800' }, context)).toEqual(
      refused('value_not_valid', 'expected data to be Unicode text, got half of a surrogate pair'),
    )
  })

  it('takes any bytes as base64', () => {
    const format = raw({ encoding: 'base64' })
    expect(format.decode(Buffer.from([0xff, 0]))).toEqual({ ok: true, value: { data: '/wA=' } })
    expect(format.encode({ data: '/wA=' }, context)).toEqual({ ok: true, bytes: Buffer.from([0xff, 0]) })
    expect(format.encode({ data: 'no base64!' }, context).ok).toBe(false)
  })
})
