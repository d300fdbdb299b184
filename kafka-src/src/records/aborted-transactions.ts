import { readFirstKey } from './record-stretch.js'
import type { RecordBatch } from './record-batch.js'

/** An aborted transaction in a fetch response. It ends at the producer's next abort marker. */
export type AbortedTransaction = { readonly producerId: string; readonly firstOffset: string }

const abortMarkerKey = Buffer.from([0, 0, 0, 0])

/**
 * The batches that a read_committed consumer sees: neither control batches nor batches of aborted transactions. Like
 * Kafka's own consumer (CompletedFetch), it decides batch by batch.
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
