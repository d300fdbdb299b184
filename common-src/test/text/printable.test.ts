import { describe, expect, it } from '@jest/globals'
import { printable, printableBytes } from '../../src/text/printable.js'

describe('printable', () => {
  it('escapes what a terminal would obey, and leaves the rest', () => {
    expect(printable('\u001b[31m "é" \n\u009b\u007f')).toBe('\\u001b[31m "é" \\u000a\\u009b\\u007f')
    expect(printable('a\u2028\u2029b')).toBe('a\\u2028\\u2029b')
  })

  it.each(['\u061c', '\u200e', '\u200f', '\u202a', '\u202e', '\u2066', '\u2069'])(
    'escapes the bidirectional control %j, which could show a text as another one',
    (character) => {
      expect(printable(`1${character}2`)).toBe(`1\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}2`)
    },
  )

  it.each(['é', '日本語', 'שלום', '👨\u200d👩', '\u00a0'])('leaves the text %s', (text) => {
    expect(printable(text)).toBe(text)
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
