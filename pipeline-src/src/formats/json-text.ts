import { isUtf8 } from 'node:buffer'
import { refuse, type Decoded, type Refused } from './format.js'
import { hasLongDigits } from './long-digits.js'

const byteOrderMark = 0xfeff
const integerLiteral = /^-?\d+$/

/** Parses JSON from UTF-8 bytes. A fault includes its position, in characters from 0. */
export const parseJson = (bytes: Buffer | null): Decoded<unknown> => {
  if (bytes === null || bytes.length === 0) return refuse('value_empty', 'expected JSON, got an empty value')
  if (!isUtf8(bytes)) return refuse('value_not_utf8', 'expected UTF-8, got other bytes')
  const text = bytes.toString('utf8')
  try {
    const value: unknown = JSON.parse(text)
    return (hasLongDigits(bytes) ? findInexactInteger(text) : undefined) ?? { ok: true, value }
  } catch (error) {
    return refuse('value_not_json', describeFault(text, error))
  }
}

/** Finds an integer beyond 2^53, which a double cannot hold. It scans the number literals of the text a second time. */
const findInexactInteger = (text: string): Refused | undefined => {
  let literal: string | undefined
  JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) => {
    const source = context?.source
    if (typeof value === 'number' && source !== undefined && integerLiteral.test(source)) {
      if (!Number.isSafeInteger(value)) literal ??= source
    }
    return value
  })
  if (literal === undefined) return undefined
  return refuse('value_not_valid', `expected integers between -2^53 and 2^53, got ${literal}`)
}

const describeFault = (text: string, error: unknown): string => {
  if (text.charCodeAt(0) === byteOrderMark) return 'expected JSON, got a byte order mark before it'
  const fault = error instanceof Error ? error.message : ''
  if (/unexpected end|unterminated/i.test(fault))
    return `expected JSON, got a text that ends at character ${text.length}`
  const at = findFaultAt(text, fault)
  if (at === undefined) return 'expected JSON, got another text'
  const character = text.codePointAt(at)
  const name = character === undefined ? 'the end' : describeCharacter(character)
  return fault.includes('after JSON')
    ? `expected one JSON value, got ${name} after it at character ${at}`
    : `expected JSON, got ${name} at character ${at}`
}

/** Longer texts are not searched, since the search parses the text about 17 times. */
const mostSearchedCharacters = 65_536

/** The position of a fault. V8 names it only in some messages. Otherwise this searches for the longest valid prefix. */
const findFaultAt = (text: string, fault: string): number | undefined => {
  const position = /at position (\d+)/.exec(fault)?.[1]
  if (position !== undefined) return Number(position)
  if (text.length > mostSearchedCharacters) return undefined
  let good = 0
  for (let bad = text.length; bad - good > 1;) {
    const middle = Math.floor((good + bad) / 2)
    if (isGoodBeginning(text.slice(0, middle))) good = middle
    else bad = middle
  }
  return good
}

const isGoodBeginning = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    const fault = error instanceof Error ? error.message : ''
    return /unexpected end|unterminated/i.test(fault) || fault.includes(`at position ${text.length} `)
  }
}

const describeCharacter = (codePoint: number): string => {
  const isPlain = codePoint > 0x20 && codePoint < 0x7f
  return isPlain
    ? `"${String.fromCodePoint(codePoint)}"`
    : `the character U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`
}
