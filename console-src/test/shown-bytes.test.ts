import { describe, expect, it } from '@jest/globals'
import { showBytes, withoutDeceit, type Decode } from '../src/records/shown-bytes.js'

const show = (value: Buffer | string, maxBytes = 100, decode?: Decode) =>
  showBytes(Buffer.from(value), 0, { maxBytes, decode })

describe('showBytes', () => {
  it('tells a tombstone from an empty value', () => {
    expect(showBytes(null, 0, { maxBytes: 10 })).toEqual({ kind: 'none', text: '', bytes: 0, isCut: false })
    expect(show('')).toEqual({ kind: 'text', text: '', bytes: 0, isCut: false })
  })

  it('shows JSON as it stands there: every digit, every blank', () => {
    const text = '{"timestamp": 1707217879632.2420, "id": 12345678901234567890}'
    expect(show(text)).toEqual({ kind: 'json', text, bytes: text.length, isCut: false })
  })

  it('shows text of several lines', () => {
    expect(show('a,b\n1,2\r\n')).toMatchObject({ kind: 'text', text: 'a,b\n1,2\\u{000d}\n' })
  })

  it('cuts between characters, and says how large it was', () => {
    expect(show('äöü', 3)).toEqual({ kind: 'text', text: 'ä', bytes: 6, isCut: true })
    expect(showBytes(Buffer.from('abc'), 97, { maxBytes: 10 })).toMatchObject({ text: 'abc', bytes: 100, isCut: true })
  })

  it('shows what is no UTF-8 in hexadecimal', () => {
    expect(show(Buffer.from([0, 255, 16]))).toMatchObject({ kind: 'hex', text: '00 ff 10' })
  })

  it('decodes what is no text by the format of the topic', () => {
    const decode = () => ({ value: { id: 12345678901234567890n, name: 'a\u202eb' } })
    expect(show(Buffer.from([0, 0, 0, 0, 1, 2]), 100, decode)).toEqual({
      kind: 'decoded',
      text: '{"id":"12345678901234567890","name":"a\\u{202e}b"}',
      bytes: 6,
      isCut: false,
    })
  })

  it('does not ask the format for a value that did not come whole', () => {
    const decode = () => {
      throw new Error('asked')
    }
    expect(showBytes(Buffer.from([0, 255]), 5, { maxBytes: 100, decode }).kind).toBe('hex')
  })
})

describe('withoutDeceit', () => {
  it.each([
    ['a right-to-left override', '\u202e', '\\u{202e}'],
    ['an isolate', '\u2066', '\\u{2066}'],
    ['a zero-width space', '\u200b', '\\u{200b}'],
    ['an escape of a terminal', '\u001b[31m', '\\u{001b}[31m'],
    ['a line separator', '\u2028', '\\u{2028}'],
    ['a tag character', '\u{e0041}', '\\u{e0041}'],
    ['half a surrogate pair', '\ud800', '\\u{d800}'],
  ])('writes %s as an escape', (_what, text, shown) => {
    expect(withoutDeceit(`a${text}b`)).toBe(`a${shown}b`)
  })

  it('leaves markup alone: it is shown as text', () => {
    expect(withoutDeceit('<img src=x onerror=alert(1)>')).toBe('<img src=x onerror=alert(1)>')
  })
})
