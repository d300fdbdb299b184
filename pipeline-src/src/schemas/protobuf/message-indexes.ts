/**
 * The position of a message in its .proto file: the index of the top-level message, then of the message nested in it,
 * and so on, each from 0.
 */
export type MessageIndexes = readonly number[]

/**
 * Encodes indexes as Confluent's serializers do: their number, then each of them, as zigzag varints. `[0]` is the
 * single byte 0.
 */
export const encodeMessageIndexes = (indexes: MessageIndexes): Uint8Array =>
  Uint8Array.from(indexes.length === 1 && indexes[0] === 0 ? [0] : [indexes.length, ...indexes].flatMap(encodeZigzag))

const encodeZigzag = (value: number): readonly number[] => {
  const bytes: number[] = []
  let rest = value * 2
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest & 0x7f) | 0x80)
  return [...bytes, rest]
}

const mostIndexes = 64
const longestVarint = 5

/** Undefined if the bytes do not begin with indexes. `length` is the number of bytes that they take. */
export const decodeMessageIndexes = (
  bytes: Uint8Array,
): { readonly indexes: MessageIndexes; readonly length: number } | undefined => {
  let at = 0
  const next = (): number => {
    let value = 0
    for (let byte = 0; byte < longestVarint; byte++) {
      const bits = bytes[at++] ?? Number.NaN
      value += (bits & 0x7f) * 2 ** (7 * byte)
      if (!(bits & 0x80)) return bits >= 0 && value % 2 === 0 ? value / 2 : Number.NaN
    }
    return Number.NaN
  }
  const count = next()
  if (!(count <= mostIndexes)) return undefined
  const indexes = count === 0 ? [0] : Array.from({ length: count }, next)
  return indexes.every(Number.isInteger) ? { indexes, length: at } : undefined
}
