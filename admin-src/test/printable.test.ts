import { describe, expect, it } from '@jest/globals'
import { printable, printableBytes } from '../src/printable.js'

describe('printable', () => {
  it('escapes what a terminal would obey, and leaves the rest', () => {
    expect(printable('\u001b[31m "é" \n\u009b\u007f')).toBe('\\u001b[31m "é" \\u000a\\u009b\\u007f')
  })
})

describe('printableBytes', () => {
  it.each([
    [null, '(null)'],
    [Buffer.from('é\t'), 'é\\u0009'],
    [Buffer.from([0xff, 0x00]), 'hex ff00'],
  ])('%s', (bytes, expected) => {
    expect(printableBytes(bytes)).toBe(expected)
  })
})
