/** A set of offsets: one bit per offset, in pieces that are created on demand. 100 million offsets take 12 MB. */
export type OffsetSet = {
  /** False if the offset was in the set already. */
  readonly add: (offset: number) => boolean
  readonly has: (offset: number) => boolean
  /** The offsets in ascending order. */
  readonly values: () => Iterable<number>
}

const pieceOffsets = 65_536
const wordBits = 32

export const createOffsetSet = (): OffsetSet => {
  const pieces = new Map<number, Uint32Array>()
  const wordOf = (offset: number): number => Math.floor((offset % pieceOffsets) / wordBits)
  const bitOf = (offset: number): number => (1 << (offset % wordBits)) >>> 0
  return {
    add: (offset) => {
      const index = Math.floor(offset / pieceOffsets)
      const piece = pieces.get(index) ?? new Uint32Array(pieceOffsets / wordBits)
      pieces.set(index, piece)
      const word = piece[wordOf(offset)] ?? 0
      const bit = bitOf(offset)
      piece[wordOf(offset)] = word | bit
      return (word & bit) === 0
    },
    has: (offset) => ((pieces.get(Math.floor(offset / pieceOffsets))?.[wordOf(offset)] ?? 0) & bitOf(offset)) !== 0,
    *values() {
      for (const index of [...pieces.keys()].sort((one, other) => one - other)) {
        yield* offsetsOf(pieces.get(index) ?? new Uint32Array(), index * pieceOffsets)
      }
    },
  }
}

function* offsetsOf(piece: Uint32Array, first: number): Generator<number> {
  for (const [index, word] of piece.entries()) {
    if (word === 0) continue
    for (let bit = 0; bit < wordBits; bit++) if ((word >>> bit) & 1) yield first + index * wordBits + bit
  }
}
