import { isUtf8 } from 'node:buffer'
import avsc from 'avsc'
import type { Internal, Tap } from './avsc-internals.js'

const replacementCharacter = '\ufffd'

class CheckedString extends avsc.types.StringType {
  _read(tap: Tap): string {
    const length = tap.readLong()
    const start = tap.pos
    const end = start + length
    if (length < 0 || end > tap.buf.length)
      throw new Error('expected a text within the value, got one that goes beyond')
    tap.pos = end
    const text = tap.buf.toString('utf8', start, end)
    if (text.includes(replacementCharacter) && !isUtf8(tap.buf.subarray(start, end))) {
      throw new Error('expected a text in UTF-8, got other bytes')
    }
    return text
  }
}

/** Text. The bytes must be valid UTF-8 and end within the value. */
export const stringType = new CheckedString() as CheckedString & Internal
