/**
 * Kafka's zigzag varints (https://protobuf.dev/programming-guides/encoding). Values of up to 31 bits use integers.
 * Larger ones, such as timestamp deltas, use doubles, which are exact up to 2^53; `readLongVarint` reads any int64.
 */
const isSmall = (value: number): boolean => value >= -0x40000000 && value < 0x40000000

/** Whether twice the value is inexact as a double. */
const isLarge = (value: number): boolean => value >= 2 ** 52 || value < -(2 ** 52)

export const sizeOfVarint = (value: number): number => {
  if (isSmall(value)) {
    const zigzag = (value << 1) ^ (value >> 31)
    return zigzag < 0x80 ? 1 : zigzag < 0x4000 ? 2 : zigzag < 0x200000 ? 3 : zigzag < 0x10000000 ? 4 : 5
  }
  if (isLarge(value)) return 8
  let bytes = 1
  for (let rest = zigzagOf(value); rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes++
  return bytes
}

/** Writes the varint and returns the end position. */
export const writeVarint = (target: Buffer, start: number, value: number): number => {
  let at = start
  if (isSmall(value)) {
    let zigzag = (value << 1) ^ (value >> 31)
    for (; zigzag >= 0x80; zigzag >>>= 7) target[at++] = (zigzag & 0x7f) | 0x80
    target[at++] = zigzag
    return at
  }
  if (isLarge(value)) return writeLargeVarint(target, at, value)
  let rest = zigzagOf(value)
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) target[at++] = (rest % 0x80) | 0x80
  target[at++] = rest
  return at
}

/** Writes up to 54 bits, as eight groups of seven. */
const writeLargeVarint = (target: Buffer, start: number, value: number): number => {
  let at = start
  let rest = value >= 0 ? BigInt(value) * 2n : BigInt(value) * -2n - 1n
  for (; rest >= 0x80n; rest >>= 7n) target[at++] = Number(rest & 0x7fn) | 0x80
  target[at++] = Number(rest)
  return at
}

const zigzagOf = (value: number): number => (value >= 0 ? value * 2 : -value * 2 - 1)

/** The position of a reader in its bytes. */
export type Cursor = { readonly buffer: Buffer; at: number }

/** Reads the varint at the cursor and moves the cursor behind it. Exact up to 2^52; missing bytes read as 0. */
export const readVarint = (cursor: Cursor): number => {
  const { buffer } = cursor
  let byte = buffer[cursor.at++] ?? 0
  if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1)
  let value = byte & 0x7f
  let scale = 0x80
  do {
    byte = buffer[cursor.at++] ?? 0
    value += (byte & 0x7f) * scale
    scale *= 0x80
  } while (byte >= 0x80)
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}

/** The varint at this position, of any size. */
export const readLongVarint = (buffer: Buffer, start: number): bigint => {
  let value = 0n
  let shift = 0n
  for (let at = start; ; at++) {
    const byte = buffer[at] ?? 0
    value |= BigInt(byte & 0x7f) << shift
    if (byte < 0x80) break
    shift += 7n
  }
  return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n))
}
