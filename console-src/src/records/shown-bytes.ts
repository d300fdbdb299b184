import type { ShownBytes } from '../protocol.js'

/** The decoded bytes: a value, or its JSON. */
export type Decoded = { readonly value: unknown } | { readonly text: string }

/** Decodes bytes with their format; undefined if they are not a value of it. */
export type Decode = (bytes: Buffer) => Decoded | undefined

export type ShowOptions = {
  /** How many bytes to show. */
  readonly maxBytes: number
  readonly decode?: Decode | undefined
}

/**
 * Bytes for a page: text if they are UTF-8, otherwise decoded by the format, otherwise hexadecimal. The text contains
 * no character that could hide or reverse neighbouring text.
 */
export const showBytes = (
  bytes: Buffer | null,
  missingBytes: number,
  { maxBytes, decode }: ShowOptions,
): ShownBytes => {
  if (bytes === null) return { kind: 'none', text: '', bytes: 0, isCut: false }
  const size = bytes.length + missingBytes
  const shown = bytes.subarray(0, maxBytes)
  const isCut = shown.length < size
  const make = (kind: ShownBytes['kind'], text: string): ShownBytes => ({ kind, text, bytes: size, isCut })
  const text = decodeUtf8(shown, isCut)
  if (text !== undefined && !isBinary(text)) return make(isJson(text) ? 'json' : 'text', withoutDeceit(text))
  const decoded = missingBytes === 0 ? decode?.(bytes) : undefined
  if (decoded !== undefined) {
    const decodedText = withoutDeceit('text' in decoded ? decoded.text : formatValue(decoded.value))
    return { kind: 'decoded', text: decodedText.slice(0, maxBytes), bytes: size, isCut: decodedText.length > maxBytes }
  }
  if (text !== undefined && !text.includes('\0')) return make('text', withoutDeceit(text))
  return make('hex', shown.toString('hex').replace(/(..)(?=.)/g, '$1 '))
}

/** A cut may split a character: its first bytes are left out then. */
const decodeUtf8 = (bytes: Buffer, isCut: boolean): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: isCut })
  } catch {
    return undefined
  }
}

const isBinary = (text: string): boolean => /[^\P{Control}\t\n\r]/u.test(text)

const isJson = (text: string): boolean => {
  if (!/^\s*[{["]/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Escapes control, format and bidirectional characters; line breaks and tabs may stay. */
export const withoutDeceit = (text: string): string =>
  text.replace(/[\p{Control}\p{Format}\p{Line_Separator}\p{Paragraph_Separator}\p{Surrogate}]/gu, (character) =>
    character === '\n' || character === '\t'
      ? character
      : `\\u{${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}}`,
  )

/** JSON with integers that may be larger than JSON.stringify accepts. */
const formatValue = (value: unknown): string =>
  JSON.stringify(value, (_name, part: unknown) => {
    if (typeof part === 'bigint') return String(part)
    return Buffer.isBuffer(part) ? part.toString('hex') : part
  })
