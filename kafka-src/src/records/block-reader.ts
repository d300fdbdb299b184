import { CorruptBytesError } from './corrupt-records.js'
import type { Blocks } from './decompression.js'

/** Reads bytes from blocks as they arrive. */
export type BlockReader = {
  /** Fills the target from `at` until the target or the blocks end. Returns how many bytes it read. */
  readonly read: (target: Buffer, at: number) => Promise<number>
  /** Returns exactly this many bytes in a new buffer. */
  readonly take: (bytes: number) => Promise<Buffer>
  readonly skip: (bytes: number) => Promise<void>
  /** Puts bytes back to be read again first. It keeps the buffer and does not copy it. */
  readonly unread: (bytes: Buffer) => void
  /** How many bytes were read so far, including skipped ones. */
  readonly position: () => number
  readonly close: () => Promise<void>
}

export const createBlockReader = (blocks: Blocks): BlockReader => {
  const iterator = Symbol.asyncIterator in blocks ? blocks[Symbol.asyncIterator]() : blocks[Symbol.iterator]()
  const pending: Buffer[] = []
  let position = 0

  /** The next bytes, at most `mostBytes`; undefined at the end. */
  const next = async (mostBytes: number): Promise<Buffer | undefined> => {
    while ((pending[0]?.length ?? 0) === 0) {
      if (pending.shift()) continue
      const next: IteratorResult<Buffer, unknown> = await iterator.next()
      if (next.done === true) return undefined
      pending.push(next.value)
    }
    const block = pending[0]
    if (!block) return undefined
    const bytes = block.subarray(0, mostBytes)
    pending[0] = block.subarray(bytes.length)
    position += bytes.length
    return bytes
  }

  const read = async (target: Buffer, start: number): Promise<number> => {
    let at = start
    while (at < target.length) {
      const bytes = await next(target.length - at)
      if (!bytes) break
      at += bytes.copy(target, at)
    }
    return at - start
  }

  return {
    read,
    take: async (length) => {
      const target = Buffer.allocUnsafeSlow(length)
      const got = await read(target, 0)
      if (got < length) throw new CorruptBytesError(`expected ${length} bytes more, got ${got}`)
      return target
    },
    skip: async (length) => {
      for (let left = length; left > 0;) {
        const bytes = await next(left)
        if (!bytes) throw new CorruptBytesError(`expected ${left} bytes more, got the end`)
        left -= bytes.length
      }
    },
    unread: (bytes) => {
      pending.unshift(bytes)
      position -= bytes.length
    },
    position: () => position,
    close: async () => {
      await iterator.return?.()
    },
  }
}
