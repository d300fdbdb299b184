import type { RecordView } from '@kafka-etl/kafka'
import type { KafkaReader, PagePlace } from '../kafka-link.js'

export type Stretch = { readonly topic: string; readonly partition: number; readonly from: bigint; readonly to: bigint }

export type StretchLimits = {
  /** The limit for fetched bytes; the fetch that exceeds it is the last. */
  readonly maxBytes: number
  /** Returns false to stop. The view is valid until it returns. */
  readonly onRecord: (record: RecordView) => boolean
  /** Awaited before the records with these keys and values are passed on. */
  readonly prepare?: ((values: readonly (Buffer | null)[]) => Promise<void>) | undefined
}

const pageBytes = 262_144

/** Reads committed records of a stretch in order, within limits. Returns the offset at which it stopped. */
export const readStretch = async (
  reader: Pick<KafkaReader, 'readPage'>,
  { topic, partition, from, to }: Stretch,
  { maxBytes, onRecord, prepare }: StretchLimits,
): Promise<bigint> => {
  let bytesLeft = maxBytes
  let offset = from
  while (offset < to && bytesLeft > 0) {
    const place: PagePlace = { topic, partition, offset, maxBytes: Math.min(pageBytes, bytesLeft) }
    const page = await reader.readPage(place)
    if (page.nextOffset <= offset) return offset
    for await (const { records } of page.fetched.chunks()) {
      if (prepare) {
        const values: (Buffer | null)[] = []
        records.forEach(({ key, value }) => values.push(key, value))
        await prepare(values)
      }
      for (const record of records) {
        if (record.offset < offset) continue
        if (record.offset >= to) return to
        if (!onRecord(record)) return record.offset + 1n
      }
    }
    offset = page.nextOffset
    bytesLeft -= page.bytes
  }
  return offset < to ? offset : to
}
