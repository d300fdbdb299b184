/** Pieces of memory that are lent, and lent again once they have come back. */
export type RunMemory = {
  /** A piece of at least so many bytes, with anything in it. */
  readonly take: (bytes: number) => Buffer
  /** To be called when nobody reads or writes the piece any more. */
  readonly giveBack: (piece: Buffer) => void
}

const smallestPieceBytes = 8_192
const mostKeptBytes = 16 * 1_048_576

/**
 * Memory for runs of records. Made anew for each batch they would be most of the garbage under a backlog, and V8 lets
 * 64 MiB of such buffers pile up before it looks for them. Sizes are powers of two; what a piece does not use of it the
 * system need not provide.
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
