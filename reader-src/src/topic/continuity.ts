import { repeatWhileBeingMade } from '@kafka-etl/kafka'
import type { Admin } from 'kafkajs'
import { checksum, type LastRecord, type PartitionPosition } from '../file/file-positions.js'
import type { InputRecord } from '../rows/batch-rows.js'

/** What the next batch of a partition has to start with, so that nothing was skipped and the log is the same. */
export type Expectation =
  | { readonly kind: 'anything'; readonly offset: number }
  | { readonly kind: 'offset'; readonly offset: number }
  | { readonly kind: 'record'; readonly offset: number; readonly last: LastRecord }

/** The part of a partition's log that can be read: from `low` to before `stableEnd`, the last stable offset. */
export type LogRange = { readonly low: number; readonly stableEnd: number }

/**
 * The readable part of each partition. KafkaJS asks as a read_committed consumer, so that `high` is the last stable
 * offset: what an open transaction holds back does not count.
 */
export const readLogRanges = async (admin: Admin, topic: string): Promise<ReadonlyMap<number, LogRange>> => {
  const offsets = await repeatWhileBeingMade(() => admin.fetchTopicOffsets(topic))
  return new Map(offsets.map(({ partition, low, high }) => [partition, { low: Number(low), stableEnd: Number(high) }]))
}

/**
 * Where reading starts after each join. A known partition is read from its last record on, once more: if that record
 * is another one, the topic was deleted and made again.
 */
export const expectAfterJoin = (position: PartitionPosition | undefined, low: number): Expectation => {
  if (position === undefined || position.next === 0) return { kind: 'anything', offset: low }
  const { last, next } = position
  if (last === undefined || last.offset < low) return { kind: 'offset', offset: next }
  return { kind: 'record', offset: last.offset, last }
}

/** What a fetched batch starts with: any record's offset, and the first record that is visible. */
export type BatchStart = { readonly firstOffset: string | null; readonly firstRecord: InputRecord | undefined }

/** A sentence where the batch is not the expected one. */
export const findBreak = (expectation: Expectation, { firstOffset, firstRecord }: BatchStart): string | undefined => {
  const { kind, offset } = expectation
  if (kind === 'anything' || firstOffset === null) return undefined
  if (Number(firstOffset) !== offset) return `expected offset ${offset}, got ${firstOffset}`
  if (kind === 'offset') return undefined
  const { crc32 } = expectation.last
  const isSame = Number(firstRecord?.offset) === offset && checksum(firstRecord?.value ?? null) === crc32
  return isSame ? undefined : `expected at offset ${offset} the record that results.csv has, got another one`
}

/** A sentence where the log cannot be the one that the position is of, or has lost what comes next. */
export const findLoss = (next: number, { low, stableEnd }: LogRange): string | undefined => {
  if (next > 0 && low > next) {
    return `expected offset ${next} to be there, got a log that starts at ${low}: retention deleted rows before they were read, or the topic was made again`
  }
  if (stableEnd < next) {
    return `expected at least ${next} offsets, got ${stableEnd}: the topic was deleted and made again, or its broker lost data`
  }
  return undefined
}
