const seed = 0x9747b28c
const multiplier = 0x5bd1e995
const shift = 24

/** The 32-bit murmur2 of Kafka's clients (`Utils.murmur2`), as a signed integer. */
export const murmur2 = (bytes: Uint8Array): number => {
  const { length } = bytes
  let hash = seed ^ length
  const words = length >> 2
  for (let word = 0; word < words; word++) {
    const at = word * 4
    let mixed = Math.imul(
      byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8) | (byteAt(bytes, at + 2) << 16) | (byteAt(bytes, at + 3) << 24),
      multiplier,
    )
    mixed ^= mixed >>> shift
    hash = Math.imul(hash, multiplier) ^ Math.imul(mixed, multiplier)
  }
  const rest = words * 4
  const left = length - rest
  if (left >= 3) hash ^= byteAt(bytes, rest + 2) << 16
  if (left >= 2) hash ^= byteAt(bytes, rest + 1) << 8
  if (left >= 1) hash = Math.imul(hash ^ byteAt(bytes, rest), multiplier)
  hash ^= hash >>> 13
  hash = Math.imul(hash, multiplier)
  return hash ^ (hash >>> 15)
}

const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0

/**
 * The partition that Kafka's default partitioner assigns to a key: murmur2 without its sign, modulo the number of
 * partitions.
 */
export const partitionOfKey = (key: Uint8Array, partitions: number): number => (murmur2(key) & 0x7fffffff) % partitions

/**
 * The partition for an output without its own key: partition p of source i of n maps to p*n + i, modulo the number of
 * partitions.
 */
export const partitionOfSource = (
  source: { readonly index: number; readonly count: number; readonly partition: number },
  partitions: number,
): number => (source.partition * source.count + source.index) % partitions
