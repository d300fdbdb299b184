import { sizeOfVarint, writeVarint } from '@kafka-etl/kafka'

const mostBytesOfVarint = 5

/** What a UTF-16 unit of a text takes at most in UTF-8. */
export const mostBytesOfCharacter = 3

/** A text after its length, as the name or the value of a header (KIP-98). */
export const encodeText = (text: string): Buffer => {
  const target = Buffer.allocUnsafe(mostBytesOfVarint + text.length * mostBytesOfCharacter)
  return target.subarray(0, writeText(target, 0, text))
}

/**
 * The same into bytes that have room for it; returns where it ends. The length nearly always takes as many bytes as that
 * of the characters would: so the text is written first.
 */
export const writeText = (target: Buffer, at: number, text: string): number => {
  const guessedBytes = sizeOfVarint(text.length)
  const textAt = at + guessedBytes
  const length = target.write(text, textAt)
  const shift = sizeOfVarint(length) - guessedBytes
  if (shift > 0) target.copyWithin(textAt + shift, textAt, textAt + length)
  return writeVarint(target, at, length) + length
}
