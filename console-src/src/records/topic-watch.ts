import type { LogRange } from '@kafka-etl/kafka'
import type { KafkaReader } from '../kafka-link.js'
import type { RecordsPage } from '../protocol.js'
import { readTail } from './read-tail.js'
import { listedBytes, type FindDecode } from './record-reader.js'
import { showRecord } from './show-record.js'

/** The most records that a page gets at a time. Of a faster topic it gets samples, and the page says so. */
const shownRecords = 50
/** The most partitions read at a time, out of those with new records. */
const mostPartitions = 64
const mostWatchedPartitions = 2_000
const readBytes = 524_288
const firstOffsets = 20n

/** Delivers the records of the topics that pages show, as they arrive. */
export const createTopicWatch = (findDecode: FindDecode) => {
  const nextOf = new Map<string, bigint>()
  const readNew = async (reader: KafkaReader, log: LogRange, known: bigint, most: number): Promise<RecordsPage> => {
    // Transaction markers take offsets, too.
    const newest = log.stableEnd - BigInt(2 * most)
    const from = known < newest ? newest : known
    const options = { maxBytes: listedBytes, ...findDecode(log.topic) }
    const tail = await readTail(
      reader,
      { ...log, from, to: log.stableEnd },
      { maxBytes: readBytes, prepare: options.prepare, most, show: (view) => showRecord(log, view, options) },
    )
    const { records, readCount } = tail
    return { records, skipped: Number(tail.from - known) + readCount - records.length, partitionsLeftOut: 0 }
  }
  /**
   * Where to start in a newly watched topic: some records are sent again, since they came while the page was loading.
   */
  const startOf = (log: LogRange): bigint => {
    const newest = log.stableEnd - firstOffsets
    return nextOf.get(keyOf(log)) ?? (newest > log.start ? newest : log.start)
  }
  return {
    look: async (reader: KafkaReader, topic: string): Promise<RecordsPage> => {
      const all = await reader.readLogRanges([topic])
      const logs = all.slice(0, mostWatchedPartitions)
      const allMoved = logs.filter((log) => startOf(log) < log.stableEnd)
      const moved = allMoved.slice(0, mostPartitions)
      const passedOver = allMoved
        .slice(mostPartitions)
        .reduce((sum, log) => sum + Number(log.stableEnd - (nextOf.get(keyOf(log)) ?? log.stableEnd)), 0)
      const pages: RecordsPage[] = []
      for (const log of moved) {
        const known = startOf(log)
        pages.push(
          await readNew(reader, log, known > log.start ? known : log.start, Math.ceil(shownRecords / moved.length)),
        )
      }
      for (const log of logs) nextOf.set(keyOf(log), log.stableEnd)
      return {
        records: pages.flatMap(({ records }) => records).toSorted((one, other) => one.timestampMs - other.timestampMs),
        skipped: pages.reduce((sum, { skipped }) => sum + skipped, passedOver),
        partitionsLeftOut: all.length - logs.length,
      }
    },
    /** Forgets the topics that no page shows any more. */
    keep: (topics: ReadonlySet<string>): void => {
      for (const key of nextOf.keys()) if (!topics.has(key.slice(0, key.lastIndexOf('/')))) nextOf.delete(key)
    },
  }
}

const keyOf = ({ topic, partition }: LogRange): string => `${topic}/${partition}`
