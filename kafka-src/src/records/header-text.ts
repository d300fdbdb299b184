import { sizeOfVarint, writeVarint } from './varint.js'

const mostBytesOfVarint = 5

/** What a UTF-16 unit of a text takes at most in UTF-8. */
export const mostBytesOfCharacter = 3

/** A text after its length, as the name or the value of a header (KIP-98). */
export const encodeText = (text: string): Buffer => {
  const target = Buffer.allocUnsafe(mostBytesOfVarint + text.length * mostBytesOfCharacter)
  return target.subarray(0, writeText(target, 0, text))
}

/**
 * Writes the same into bytes that have room for it and returns where it ends. The length in bytes nearly always takes as
 * many bytes as the length in characters would, so the text is written first.
 */
export const writeText = (target: Buffer, at: number, text: string): number => {
  const guessedBytes = sizeOfVarint(text.length)
  const textAt = at + guessedBytes
  const length = target.write(text, textAt)
  const shift = sizeOfVarint(length) - guessedBytes
  if (shift > 0) target.copyWithin(textAt + shift, textAt, textAt + length)
  return writeVarint(target, at, length) + length
}

/** The number of headers that stands before them, from `start` on (a zigzag varint that is never negative), and where it ends. */
export const readHeaderCount = (bytes: Buffer, start: number): { readonly count: number; readonly end: number } => {
  let end = start
  let zigzag = 0
  for (let scale = 1; ; scale *= 0x80) {
    const byte = bytes[end++] ?? 0
    zigzag += (byte & 0x7f) * scale
    if (byte < 0x80) return { count: zigzag / 2, end }
  }
}
