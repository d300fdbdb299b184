import { describe, expect, it } from '@jest/globals'
import { createFormatRow, formatHeader } from '../src/index.js'

const columns = ['id', 'place.lat', 'isWet', 'list', '$key', '$deleted']
const format = (value: string | null, key: string | null = null) =>
  createFormatRow(columns)({
    key: key === null ? null : Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
  })

describe('createFormatRow', () => {
  it('quotes text, keeps the digits of numbers, leaves missing fields and null empty', () => {
    expect(formatHeader(columns)).toBe('id,place.lat,isWet,list,$key,$deleted')
    expect(format('{"id":"a \\"b\\"","place":{"lat":29.0},"isWet":true,"list":[1.50,{"a":null}]}', 'k,1')).toBe(
      '"a ""b""",29.0,true,"[1.50,{""a"":null}]","k,1",false',
    )
    expect(format('{"id":"","place":null}')).toBe('"",,,,,false')
  })

  it('makes a row of a tombstone', () => {
    expect(format(null, 'k')).toBe(',,,,"k",true')
  })

  it('makes none of other values', () => {
    expect(format('[1]')).toBeUndefined()
    expect(format('no json')).toBeUndefined()
  })

  it('does not find inherited fields', () => {
    expect(createFormatRow(['constructor', 'id.length'])({ key: null, value: Buffer.from('{"id":"a"}') })).toBe(',')
  })
})
