/**
 * The zone, out of `zoneCount`, of log `index` in the stream with this seed: a stateless random choice. A producer that
 * restarts anywhere in the stream chooses the same zones again.
 */
export const chooseZone = (seed: number, index: number, zoneCount: number): number =>
  Math.floor((hash(seed, index) / 2 ** 32) * zoneCount)

/**
 * 32 well-mixed bits of seed and index: the finalizer of splitmix32 (constants by Chris Wellons' hash-prospector), once
 * for the seed, once for each half of the index. Indexes are exact up to 2^53.
 */
const hash = (seed: number, index: number): number => mix(mix(mix(seed) + Math.floor(index / 2 ** 32)) + (index >>> 0))

const mix = (value: number): number => {
  let bits = (value + 0x9e37_79b9) | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0_aaad)
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a_2d97)
  return (bits ^ (bits >>> 15)) >>> 0
}
