import { readFirstKey } from './record-stretch.js'
import type { RecordBatch } from './record-batch.js'

/** A transaction that was aborted, as a fetch response lists it: it ends at the producer's next abort marker. */
export type AbortedTransaction = { readonly producerId: string; readonly firstOffset: string }

const abortMarkerKey = Buffer.from([0, 0, 0, 0])

/**
 * The batches that a reader of committed records may see: neither control batches nor those of aborted transactions.
 * As Kafka's own consumer does it (CompletedFetch), batch by batch.
 */
export const withoutAborted = (
  batches: readonly RecordBatch[],
  abortedTransactions: readonly AbortedTransaction[],
): readonly RecordBatch[] => {
  // Brokers list them in the order in which they ended.
  const remaining = abortedTransactions
    .map(({ producerId, firstOffset }) => ({ producerId: BigInt(producerId), firstOffset: Number(firstOffset) }))
    .sort((one, other) => other.firstOffset - one.firstOffset)
  const open = new Set<bigint>()
  const openUpTo = (offset: number): void => {
    for (let next = remaining.at(-1); next && next.firstOffset <= offset; next = remaining.at(-1)) {
      open.add(next.producerId)
      remaining.pop()
    }
  }
  return batches.filter((batch) => {
    openUpTo(batch.lastOffset)
    const { producerId, isTransactional, isControl } = batch
    if (isControl && open.has(producerId) && isAbortMarker(batch)) open.delete(producerId)
    return !isControl && !(isTransactional && open.has(producerId))
  })
}

const isAbortMarker = (batch: RecordBatch): boolean => readFirstKey(batch)?.equals(abortMarkerKey) === true
