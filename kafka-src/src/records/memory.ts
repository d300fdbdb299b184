/** Pieces of memory that are reused. */
export type RunMemory = {
  /** Returns a piece of at least this many bytes with arbitrary content. */
  readonly take: (bytes: number) => Buffer
  /** Call this when nothing reads or writes the piece any more. */
  readonly giveBack: (piece: Buffer) => void
}

const smallestPieceBytes = 8_192
const mostKeptBytes = 16 * 1_048_576

/**
 * Creates memory for runs of records. New buffers for each batch would be most of the garbage under a backlog, and V8
 * lets 64 MiB of them pile up before it collects them. Sizes are powers of two; the system does not back the unused
 * part of a piece with memory.
 */
export const createRunMemory = (keptBytes = mostKeptBytes): RunMemory => {
  const free = new Map<number, Buffer[]>()
  let freeBytes = 0
  return {
    take: (bytes) => {
      const size = 2 ** Math.ceil(Math.log2(Math.max(bytes, smallestPieceBytes)))
      const piece = free.get(size)?.pop()
      if (!piece) return Buffer.allocUnsafeSlow(size)
      freeBytes -= size
      return piece
    },
    giveBack: (piece) => {
      const size = piece.length
      if (freeBytes + size > keptBytes) return
      freeBytes += size
      const pieces = free.get(size)
      if (pieces) pieces.push(piece)
      else free.set(size, [piece])
    },
  }
}
