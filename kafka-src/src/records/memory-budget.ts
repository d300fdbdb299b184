/** Lets so much be in use at a time, and the others wait in their order. */
export type MemoryBudget = {
  /** Resolves once so many bytes are free, or nobody else has any. Gives the function that gives them back. */
  readonly take: (bytes: number) => Promise<() => void>
}

export const createMemoryBudget = (totalBytes: number): MemoryBudget => {
  const waiting: { readonly bytes: number; readonly start: () => void }[] = []
  let usedBytes = 0

  const startNext = (): void => {
    for (let next = waiting[0]; next && isFree(next.bytes); next = waiting[0]) {
      waiting.shift()
      usedBytes += next.bytes
      next.start()
    }
  }
  const isFree = (bytes: number): boolean => usedBytes === 0 || usedBytes + bytes <= totalBytes

  return {
    take: async (bytes) => {
      await new Promise<void>((start) => {
        waiting.push({ bytes, start })
        startNext()
      })
      return () => {
        usedBytes -= bytes
        startNext()
      }
    },
  }
}
