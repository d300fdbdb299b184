/** Limits the memory in use at a time. Requests beyond the limit wait in order. */
export type MemoryBudget = {
  /** Resolves once this many bytes are free, or nothing else is in use. Returns the function that releases them. */
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
