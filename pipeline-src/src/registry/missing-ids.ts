/** What is known of ids that the registry does not have. Bounded, whatever garbage records name. */
export type MissingIds = {
  /** Whether it was looked for of late. An id that does not exist may be registered later. */
  readonly isFresh: (id: number) => boolean
  /** Whether it was ever found missing, or may have been and is forgotten. */
  readonly wasMissing: (id: number) => boolean
  readonly add: (id: number) => void
  readonly remove: (id: number) => void
  /** Whether so many have been missing of late that it is worth to ask for the highest id there is. */
  readonly areMany: () => boolean
  /** Ids far above the highest one count as missing for a while. Undefined: nobody knows the highest. */
  readonly setHighest: (id: number | undefined) => void
  readonly knowsHighest: () => boolean
}

/** An id that does not exist is asked for again after this time, and not before. */
const missingForMs = 30_000
/** Garbage can name four billion ids. */
const mostKept = 65_536
const many = 64
/** Registries count up: what is registered while the highest id is remembered is at most so far above it. */
const newIds = 100

export const createMissingIds = (monotonicMs: () => number): MissingIds => {
  const sinceMs = new Map<number, number>()
  let highest: { readonly id: number; readonly atMs: number } | undefined
  let hasForgotten = false
  let recent = { startMs: monotonicMs(), count: 0 }
  const isYoung = (atMs: number): boolean => monotonicMs() - atMs < missingForMs

  return {
    isFresh: (id) => {
      if (highest && isYoung(highest.atMs) && id > highest.id + newIds) return true
      const atMs = sinceMs.get(id)
      return atMs !== undefined && isYoung(atMs)
    },
    wasMissing: (id) => hasForgotten || sinceMs.has(id),
    add: (id) => {
      if (!isYoung(recent.startMs)) recent = { startMs: monotonicMs(), count: 0 }
      recent.count++
      sinceMs.delete(id)
      sinceMs.set(id, monotonicMs())
      const [oldest] = sinceMs.keys()
      if (sinceMs.size <= mostKept || oldest === undefined) return
      sinceMs.delete(oldest)
      hasForgotten = true
    },
    remove: (id) => void sinceMs.delete(id),
    areMany: () => recent.count >= many && isYoung(recent.startMs),
    setHighest: (id) => {
      highest = { id: id ?? Number.POSITIVE_INFINITY, atMs: monotonicMs() }
      hasForgotten ||= id !== undefined
    },
    knowsHighest: () => highest !== undefined && isYoung(highest.atMs),
  }
}
