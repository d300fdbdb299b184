import { sizeOfVarint, writeVarint } from './varint.js'

const mostBytesOfVarint = 5

/** The most bytes that one UTF-16 unit takes in UTF-8. */
export const mostBytesOfCharacter = 3

/** Encodes a text with its length in front, as the name or the value of a header (KIP-98). */
export const encodeText = (text: string): Buffer => {
  const target = Buffer.allocUnsafe(mostBytesOfVarint + text.length * mostBytesOfCharacter)
  return target.subarray(0, writeText(target, 0, text))
}

/**
 * Writes the same into a buffer with enough room, and returns the end position. The byte length nearly always has as
 * many varint bytes as the character length: the text is written first, and moved only if not.
 */
export const writeText = (target: Buffer, at: number, text: string): number => {
  const guessedBytes = sizeOfVarint(text.length)
  const textAt = at + guessedBytes
  const length = target.write(text, textAt)
  const shift = sizeOfVarint(length) - guessedBytes
  if (shift > 0) target.copyWithin(textAt + shift, textAt, textAt + length)
  return writeVarint(target, at, length) + length
}

/** The header count at `start` (a zigzag varint, never negative), and where it ends. */
export const readHeaderCount = (bytes: Buffer, start: number): { readonly count: number; readonly end: number } => {
  let end = start
  let zigzag = 0
  for (let scale = 1; ; scale *= 0x80) {
    const byte = bytes[end++] ?? 0
    zigzag += (byte & 0x7f) * scale
    if (byte < 0x80) return { count: zigzag / 2, end }
  }
}
