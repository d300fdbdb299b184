/**
 * How much input a transaction may take, in bytes of keys and values: as much as the broker can write quickly. On a
 * broker that throttles (KIP-219), the commit waits behind the records until the deadline ends the transaction.
 */
export type TransactionSize = {
  readonly maxBytes: () => number
  /** Reports how long a committed transaction took; its size is computed only if it matters. */
  readonly committed: (seconds: number, bytes: () => number) => void
  /** Reports that a transaction of this size was abandoned. */
  readonly gaveUp: (bytes: number) => void
}

const firstBytes = 131_072
const leastBytes = 8_192
/** A fetch never returns more than this for one partition. */
const unboundedFromBytes = 2_097_152
const slowSeconds = 4
/** Twice this would still not be slow. On a busy machine, a transaction takes a second even without a quota. */
const quickSeconds = slowSeconds / 2

/** Starts small, because a broker's quota shows only when it throttles; doubles while transactions are quick. */
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
