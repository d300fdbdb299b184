/**
 * How much input a transaction may take, in bytes of keys and values: as much as the broker can write quickly. On a broker
 * that throttles (KIP-219), the commit waits behind the records until the deadline ends the transaction.
 */
export type TransactionSize = {
  readonly maxBytes: () => number
  /** A transaction has been committed in so long; how much it took is asked for only if that matters. */
  readonly committed: (seconds: number, bytes: () => number) => void
  /** A transaction of this size was given up. */
  readonly gaveUp: (bytes: number) => void
}

const firstBytes = 131_072
const leastBytes = 8_192
/** More is never fetched of a partition at a time. */
const unboundedFromBytes = 2_097_152
const slowSeconds = 4
/** Twice as much would still not be slow. A busy machine takes a second for a transaction without a quota. */
const quickSeconds = slowSeconds / 2

/** Begins small, because a broker's quota shows only when it throttles; doubles while transactions are quick. */
export const createTransactionSize = (): TransactionSize => {
  let maxBytes = firstBytes
  const shrinkTo = (bytes: number): void => {
    maxBytes = Math.max(leastBytes, Math.min(maxBytes, Math.floor(bytes)))
  }
  return {
    maxBytes: () => (maxBytes >= unboundedFromBytes ? Number.POSITIVE_INFINITY : maxBytes),
    committed: (seconds, bytes) => {
      if (seconds >= slowSeconds) shrinkTo((bytes() * slowSeconds) / seconds / 2)
      else if (seconds < quickSeconds && maxBytes < unboundedFromBytes && bytes() >= maxBytes / 2) maxBytes *= 2
    },
    gaveUp: (bytes) => shrinkTo(bytes / 4),
  }
}
