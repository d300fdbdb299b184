import { describe, expect, it } from '@jest/globals'
import { parseCoordinates, parseLimit, parseOffset, parsePartition, parseTime } from '../src/arguments.js'

describe('arguments of the commands', () => {
  it('takes what is well-formed', () => {
    expect(parseOffset('123456789012345678')).toBe(123456789012345678n)
    expect(parsePartition('0')).toBe(0)
    expect(parseLimit('1')).toBe(1)
    expect(parseCoordinates('0/17')).toEqual({ partition: 0, offset: 17n })
    expect(parseTime('2024-02-05T10:00:00-05:00')).toBe(Date.parse('2024-02-05T15:00:00Z'))
    expect(parseTime('2024-02-05T10:00Z')).toBe(Date.parse('2024-02-05T10:00:00Z'))
    expect(parseTime('2024-02-29T10:00:00Z')).toBe(Date.parse('2024-02-29T10:00:00Z'))
  })

  it('takes a time before 1970 for its start, where every record is later', () => {
    expect(parseTime('1969-12-31T23:59:59.999Z')).toBe(0)
    expect(parseTime('0001-01-01T00:00:00Z')).toBe(0)
  })

  it.each([
    [parseOffset, '-1'],
    [parseOffset, '1e3'],
    [parseOffset, ''],
    [parsePartition, '0x1'],
    [parseLimit, '0'],
    [parseLimit, '100000'],
    [parseCoordinates, '0/17/3'],
    [parseCoordinates, '0'],
    [parseTime, '2024-02-05T10:00:00'],
    [parseTime, '2024-02-30T25:00:00Z'],
    [parseTime, '2024-02-30T10:00:00Z'],
    [parseTime, '2023-02-29T10:00:00-05:00'],
    [parseTime, '2024-02-05T10:00:00+99:00'],
    [parseTime, 'yesterday'],
  ])('refuses %p of %j with a sentence', (parse, text) => {
    expect(() => parse(text)).toThrow(`got ${JSON.stringify(text)}.`)
  })
})
