/** Remembers ids that the registry does not have. Its size is bounded, whatever garbage the records name. */
export type MissingIds = {
  /** Whether the id was recently found missing. A missing id may be registered later. */
  readonly isFresh: (id: number) => boolean
  /** Whether the id was ever found missing. True if it may have been and was forgotten. */
  readonly wasMissing: (id: number) => boolean
  readonly add: (id: number) => void
  readonly remove: (id: number) => void
  /** Whether so many ids were recently missing that it is worth asking for the highest existing one. */
  readonly areMany: () => boolean
  /** Ids far above the highest one count as missing for a while. Undefined: the highest is unknown. */
  readonly setHighest: (id: number | undefined) => void
  readonly knowsHighest: () => boolean
}

/** A missing id is requested again after this time. */
const missingForMs = 30_000
/** Garbage can name four billion ids. */
const mostKept = 65_536
const many = 64
/**
 * Registries number schemas consecutively: while the highest id is remembered, new ids exceed it by at most this much.
 */
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
