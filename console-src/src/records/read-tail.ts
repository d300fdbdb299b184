import type { RecordView } from '@kafka-etl/kafka'
import type { KafkaReader } from '../kafka-link.js'
import { readStretch, type Stretch, type StretchLimits } from './read-stretch.js'

export type TailLimits<Shown> = Pick<StretchLimits, 'maxBytes' | 'prepare'> & {
  /** How many records to keep. */
  readonly most: number
  /** Returns undefined to leave a record out. The view is valid until it returns. */
  readonly show: (record: RecordView) => Shown | undefined
}

export type Tail<Shown> = {
  /** The first offset that was read. */
  readonly from: bigint
  readonly records: readonly Shown[]
  /** How many records were read, including those left out. */
  readonly readCount: number
}

/**
 * Reads the newest records of a stretch, in order. If its bytes exceed the limit, the tail begins later: the newest
 * record is always included, however large it is.
 */
export const readTail = async <Shown>(
  reader: Pick<KafkaReader, 'readPage'>,
  stretch: Stretch,
  { most, show, ...limits }: TailLimits<Shown>,
): Promise<Tail<Shown>> => {
  for (let from = stretch.from; ;) {
    let records: Shown[] = []
    let readCount = 0
    const onRecord = (view: RecordView): boolean => {
      readCount += 1
      const shown = show(view)
      if (shown !== undefined) records.push(shown)
      if (records.length >= 2 * most) records = records.slice(-most)
      return true
    }
    const reached = await readStretch(reader, { ...stretch, from }, { ...limits, onRecord })
    const span = stretch.to - from
    if (reached >= stretch.to || span <= 1n) return { from, records: records.slice(-most), readCount }
    from = stretch.to - shorten(span, reached - from)
  }
}

/** Three quarters of the readable part of `span` offsets, or half of `span` if nothing was readable. */
const shorten = (span: bigint, read: bigint): bigint => {
  const shorter = read > 0n ? (read * 3n) / 4n : span / 2n
  return shorter > 0n ? shorter : 1n
}
