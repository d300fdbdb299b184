import type { LogRange } from '@kafka-etl/kafka'
import type { KafkaReader } from '../kafka-link.js'
import type { RecordsPage, ShownRecord } from '../protocol.js'
import { readStretch } from './read-stretch.js'
import { readTail } from './read-tail.js'
import { holdsText, showRecord, type ShowRecordOptions } from './show-record.js'
import type { Decode } from './shown-bytes.js'

/** How to read the keys and values of a topic. */
export type TopicDecoder = {
  readonly decode: Decode
  readonly decodeKey: Decode
  /** Await this before decoding these keys and values. */
  readonly prepare: (values: readonly (Buffer | null)[]) => Promise<void>
}

export type FindDecode = (topic: string) => TopicDecoder

export type Selection = {
  readonly topic: string
  readonly partition?: number | undefined
  /** Where to begin; without both, the newest records. */
  readonly offset?: bigint | undefined
  readonly timeMs?: number | undefined
  /** Only records that contain this text; empty: all. */
  readonly filter: string
  readonly limit: number
}

/** The bytes of a record in a list; its own view shows everything. */
export const listedBytes = 2_048
const wholeBytes = 65_536
const mostPartitions = 64
const scannedBytes = 4_194_304
const scannedOffsets = 5_000n

export const createRecordReader = (findDecode: FindDecode) => {
  const optionsOf = (topic: string, maxBytes: number): ShowRecordOptions & Pick<TopicDecoder, 'prepare'> => ({
    ...{ maxBytes, ...findDecode(topic) },
  })

  const readForward = async (
    reader: KafkaReader,
    log: LogRange,
    from: bigint,
    { filter, limit }: Selection,
  ): Promise<readonly ShownRecord[]> => {
    const found: ShownRecord[] = []
    const options = optionsOf(log.topic, listedBytes)
    const wanted = filter.toLowerCase()
    const start = from > log.start ? from : log.start
    await readStretch(
      reader,
      { ...log, from: start, to: log.stableEnd },
      {
        maxBytes: scannedBytes,
        prepare: options.prepare,
        onRecord: (view) => {
          const record = showRecord(log, view, options)
          if (wanted === '' || holdsText(record, wanted)) found.push(record)
          return found.length < limit
        },
      },
    )
    return found
  }

  /**
   * Reads the newest records. Offsets are not records: the range before the end grows until it contains enough of them.
   */
  const readNewest = async (
    reader: KafkaReader,
    log: LogRange,
    selection: Selection,
  ): Promise<readonly ShownRecord[]> => {
    const { filter, limit } = selection
    const options = optionsOf(log.topic, listedBytes)
    const wanted = filter.toLowerCase()
    for (let offsets = wanted === '' ? BigInt(2 * limit) : scannedOffsets; ; offsets *= 4n) {
      const from = log.stableEnd - offsets > log.start ? log.stableEnd - offsets : log.start
      const { records } = await readTail(
        reader,
        { ...log, from, to: log.stableEnd },
        {
          maxBytes: scannedBytes,
          prepare: options.prepare,
          most: limit,
          show: (view) => {
            const record = showRecord(log, view, options)
            return wanted === '' || holdsText(record, wanted) ? record : undefined
          },
        },
      )
      if (records.length >= limit || from <= log.start || offsets >= scannedOffsets) return records
    }
  }

  return {
    /** The newest records of a topic, or those from a position on, ordered by timestamp across its partitions. */
    readRecords: async (reader: KafkaReader, selection: Selection): Promise<RecordsPage> => {
      const { topic, partition, offset, timeMs, limit } = selection
      const filled = (await reader.readLogRanges([topic])).filter(
        (log) => log.start < log.stableEnd && (partition === undefined || log.partition === partition),
      )
      const logs = filled.slice(0, mostPartitions)
      const times = timeMs === undefined ? undefined : await reader.readOffsetsAtTime(topic, timeMs)
      const found: ShownRecord[] = []
      // One after the other, to hold only one page at a time.
      for (const log of logs) {
        const from = offset ?? times?.find((place) => place.partition === log.partition)?.offset
        const isNewest = from === undefined
        found.push(
          ...(isNewest ? await readNewest(reader, log, selection) : await readForward(reader, log, from, selection)),
        )
      }
      const sorted = found.toSorted(byTime)
      const isFromPlace = offset !== undefined || timeMs !== undefined
      return {
        records: isFromPlace ? sorted.slice(0, limit) : sorted.slice(-limit),
        skipped: 0,
        partitionsLeftOut: filled.length - logs.length,
      }
    },
    /** One record; undefined if there is none at that offset. */
    readRecord: async (
      reader: KafkaReader,
      place: { readonly topic: string; readonly partition: number; readonly offset: bigint },
    ): Promise<ShownRecord | undefined> => {
      const { offset } = place
      const options = optionsOf(place.topic, wholeBytes)
      let found: ShownRecord | undefined
      await readStretch(
        reader,
        { ...place, from: offset, to: offset + 1n },
        {
          maxBytes: scannedBytes,
          prepare: options.prepare,
          onRecord: (view) => {
            found = showRecord(place, view, options)
            return false
          },
        },
      )
      return found
    },
  }
}

export type RecordReader = ReturnType<typeof createRecordReader>

const byTime = (one: ShownRecord, other: ShownRecord): number =>
  one.timestampMs - other.timestampMs ||
  one.partition - other.partition ||
  Number(BigInt(one.offset) - BigInt(other.offset))
