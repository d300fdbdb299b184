import type { IHeaders, KafkaMessage } from 'kafkajs'
import { readWhole, toRecords, type FetchedBytes, type Records } from './fetched-batch.js'
import type { RecordBatch } from './record-batch.js'
import type { RecordView } from './record-view.js'

/**
 * The same records as one list, decompressed in memory as soon as they are asked for, whatever that takes. For readers
 * that do not go chunk by chunk.
 */
export const createWholeRecords = (fetched: FetchedBytes, batches: readonly RecordBatch[]) => {
  let records: Records | undefined
  let messages: KafkaMessage[] | undefined
  const read = (): Records => {
    records ??= toRecords(
      fetched,
      batches.flatMap((batch) => readWhole(fetched, batch, Number.MAX_SAFE_INTEGER)?.stretch ?? []),
    )
    return records
  }
  return {
    records: read,
    messages: (): KafkaMessage[] => {
      if (messages) return messages
      const made: KafkaMessage[] = []
      read().forEach((view) => made.push(toKafkaMessage(view)))
      messages = made
      return made
    },
  }
}

/** A record as KafkaJS gives it, an object of its own. */
export const toKafkaMessage = (view: RecordView): KafkaMessage => ({
  key: view.key,
  value: view.value,
  timestamp: String(view.timestamp),
  attributes: 0,
  offset: String(view.offset),
  headers: view.headers as IHeaders,
})
