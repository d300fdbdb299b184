/**
 * Kafka's zigzag varints (https://protobuf.dev/programming-guides/encoding): what takes at most 31 bits goes by
 * integers, what is larger (a timestamp's delta may be) by doubles, exact up to 2^52.
 */
const isSmall = (value: number): boolean => value >= -0x40000000 && value < 0x40000000

export const sizeOfVarint = (value: number): number => {
  if (isSmall(value)) {
    const zigzag = (value << 1) ^ (value >> 31)
    return zigzag < 0x80 ? 1 : zigzag < 0x4000 ? 2 : zigzag < 0x200000 ? 3 : zigzag < 0x10000000 ? 4 : 5
  }
  let bytes = 1
  for (let rest = zigzagOf(value); rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes++
  return bytes
}

/** Writes the varint and returns where it ends. */
export const writeVarint = (target: Buffer, start: number, value: number): number => {
  let at = start
  if (isSmall(value)) {
    let zigzag = (value << 1) ^ (value >> 31)
    for (; zigzag >= 0x80; zigzag >>>= 7) target[at++] = (zigzag & 0x7f) | 0x80
    target[at++] = zigzag
    return at
  }
  let rest = zigzagOf(value)
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) target[at++] = (rest % 0x80) | 0x80
  target[at++] = rest
  return at
}

const zigzagOf = (value: number): number => (value >= 0 ? value * 2 : -value * 2 - 1)
