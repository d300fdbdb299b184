import { isUtf8 } from 'node:buffer'
import { Type, type Static } from 'typebox'
import { refuse, type Format } from './format.js'

const Raw = Type.Object({ data: Type.String() })

export type RawValue = Static<typeof Raw>

export type RawOptions = {
  /** `utf8` refuses other bytes. `base64` accepts any bytes and encodes them as base64. */
  readonly encoding: 'utf8' | 'base64'
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** The value as it is: `{ data: text }`. An empty value is an empty text; a tombstone is refused. */
export const raw = ({ encoding }: RawOptions = { encoding: 'utf8' }): Format<RawValue> => ({
  name: 'raw',
  schema: Raw,
  decode: (bytes) => {
    if (bytes === null) return refuse('value_empty', 'expected a value, got none')
    if (encoding === 'utf8' && !isUtf8(bytes)) return refuse('value_not_utf8', 'expected UTF-8, got other bytes')
    return { ok: true, value: { data: bytes.toString(encoding) } }
  },
  encode: ({ data }) => {
    if (typeof data !== 'string') return refuse('value_not_valid', `expected data to be text, got ${typeof data}`)
    if (!data.isWellFormed()) {
      return refuse('value_not_valid', 'expected data to be Unicode text, got half of a surrogate pair')
    }
    if (encoding === 'base64' && !base64.test(data)) {
      return refuse('value_not_valid', 'expected data to be base64, got another text')
    }
    return { ok: true, bytes: Buffer.from(data, encoding) }
  },
})
