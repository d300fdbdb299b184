import type { RecordView } from '@kafka-etl/kafka'
import type { KafkaReader } from '../kafka-link.js'
import { readStretch, type Stretch, type StretchLimits } from './read-stretch.js'

export type TailLimits<Shown> = Pick<StretchLimits, 'maxBytes' | 'prepare'> & {
  /** How many records are kept. */
  readonly most: number
  /** Undefined leaves a record out. The view is valid until it returns. */
  readonly show: (record: RecordView) => Shown | undefined
}

export type Tail<Shown> = {
  /** The first offset that was read. */
  readonly from: bigint
  readonly records: readonly Shown[]
  /** How many records were read, those left out included. */
  readonly readCount: number
}

/**
 * Reads the newest records of a stretch, in their order. If its bytes exceed the limit, the tail begins later, so that
 * the newest record is always among them, however large it is.
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

/** Three quarters of what could be read of `span` offsets; half of them if nothing could be read. */
const shorten = (span: bigint, read: bigint): bigint => {
  const shorter = read > 0n ? (read * 3n) / 4n : span / 2n
  return shorter > 0n ? shorter : 1n
}
