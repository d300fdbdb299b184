import { describe, expect, it } from '@jest/globals'
import { parseResidentKib, parseStat } from '../src/process-meter.js'

describe('parseStat', () => {
  it('adds user and system time to that of ended children, after a name with spaces and brackets', () => {
    const stat = '42 (a (b) c) S 7 42 42 0 -1 4194560 100 0 0 0 10 20 3 4 20 0 1 0 123 0 0'
    expect(parseStat(stat)).toEqual({ parent: 7, ticks: 37 })
  })
  it('is undefined for an ended process', () => expect(parseStat('')).toBeUndefined())
})

describe('parseResidentKib', () => {
  it('finds the resident set', () => expect(parseResidentKib('VmPeak:\t 9 kB\nVmRSS:\t  1234 kB\n')).toBe(1234))
  it('is 0 for an ended process', () => expect(parseResidentKib('')).toBe(0))
})
