import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { columnName, createFormatRow, formatHeader, raw } from '../src/index.js'

const columns = ['id', 'place.lat', 'isWet', 'list', '$key', '$deleted']
const rowOf = (value: string | null, key: string | null = null, options = {}) => {
  const row = createFormatRow(
    columns,
    options,
  )({
    key: key === null ? null : Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
  })
  return row.ok ? row.text : row.reason
}
const cellOf = (value: string, options = {}) => {
  const row = createFormatRow(['x'], options)({ key: null, value: Buffer.from(value) })
  return row.ok ? row.text : row.reason
}

describe('createFormatRow', () => {
  it('quotes text, keeps the digits of numbers, leaves missing fields and null empty', () => {
    expect(formatHeader(columns)).toBe('id,place.lat,isWet,list,$key,$deleted')
    expect(rowOf('{"id":"a \\"b\\"","place":{"lat":29.0},"isWet":true,"list":[1.50,{"a":null}]}', 'k,1')).toBe(
      '"a ""b""",29.0,true,"[1.50,{""a"":null}]","k,1",false',
    )
    expect(rowOf('{"id":"","place":null}')).toBe('"",,,,,false')
    expect(rowOf('{}')).toBe(',,,,,false')
  })

  it.each(['12345678901234567890', '0.1000', '-0', '1e400', '1E5', '29'])('copies the digits of %s', (digits) => {
    expect(cellOf(`{"x":${digits}}`)).toBe(digits)
    expect(cellOf(`{"x":[${digits}]}`)).toBe(`"[${digits}]"`)
  })

  it('says the same of a record however it is spaced', () => {
    fc.assert(
      fc.property(fc.record({ x: fc.jsonValue() }), (record) => {
        expect(cellOf(JSON.stringify(record, undefined, 1))).toBe(cellOf(JSON.stringify(record)))
      }),
    )
  })

  it('makes a row of a tombstone', () => {
    expect(rowOf(null, 'k')).toBe(',,,,"k",true')
  })

  it.each([
    ['', 'expected a JSON object, got an empty value'],
    ['[1]', 'expected a JSON object, got another JSON value'],
    ['null', 'expected a JSON object, got another JSON value'],
    ['no json', 'expected JSON, got other text'],
    ['['.repeat(200_000), 'expected JSON, got other text'],
  ])('makes none of other values (%#)', (value, reason) => {
    expect(rowOf(value)).toBe(reason)
  })

  it('does not find inherited fields', () => {
    const row = createFormatRow(['constructor', 'id.length'])({ key: null, value: Buffer.from('{"id":"a"}') })
    expect(row).toEqual({ ok: true, text: ',' })
    expect(cellOf('{"__proto__":{"x":1}}')).toBe('')
  })

  it('makes text safe for spreadsheets if it is asked to, and leaves numbers alone', () => {
    expect(cellOf('{"x":"=1"}', { spreadsheetSafe: true })).toBe(`"'=1"`)
    expect(cellOf('{"x":-1}', { spreadsheetSafe: true })).toBe('-1')
    expect(rowOf('{}', '@k', { spreadsheetSafe: true })).toBe(`,,,,"'@k",false`)
  })

  it('reads values of another format than JSON', () => {
    const formatRow = createFormatRow(['data'], { format: raw() })
    expect(formatRow({ key: null, value: Buffer.from('a,b') })).toEqual({ ok: true, text: '"a,b"' })
    expect(formatRow({ key: null, value: Buffer.from([0xff]) })).toEqual({
      ok: false,
      reason: 'expected a value of the format raw, got one that it refuses (value_not_utf8)',
    })
  })
})

describe('columnName', () => {
  it.each(['id', 'station.id', '$key', '$deleted', '@timestamp', 'größe', 'two words', 'a-b'])('takes %j', (name) => {
    expect(columnName.test(name)).toBe(true)
  })

  it.each(['', '.', 'a.', '.a', 'a..b', '$other', 'a,b', 'a"b', 'a\nb'])('does not take %j', (name) => {
    expect(columnName.test(name)).toBe(false)
  })
})
