import { smallBadRecords } from './bad-records.js'
import type { NewRecord } from './oracle-records.js'
import { createRandom, pick, randomInteger, type Random } from './random.js'

/** An input topic of a load. The offset is the zone's in February 2024; all dates are in that month. */
export type LoadTopic = { readonly topic: string; readonly partitionCount: number; readonly offsetHours: number }

export type LoadOptions = {
  readonly seed: number
  readonly count: number
  readonly topics: readonly LoadTopic[]
  /** The share of records that must be rejected; by default 0.05. */
  readonly badShare?: number
}

/** A record to write. `id` is unique in the load and, in a good record, its message. */
export type LoadRecord = NewRecord & {
  readonly id: string
  readonly partition: number
  /** The reason code that a bad record must get. */
  readonly badReason: string | undefined
}

/** The two topics of the stack, each with this many partitions. */
export const standardTopics = (partitionCount: number): readonly LoadTopic[] => [
  { topic: 'timezone1', partitionCount, offsetHours: -5 },
  { topic: 'timezone2', partitionCount, offsetHours: 1 },
]

const startMs = Date.UTC(2024, 1, 1)
// Two weeks for the whole load: it never leaves the month, and meets no clock change.
const spanMs = 14 * 24 * 3_600_000

const formatDate = (epochMs: number, micros: number, offsetHours: number): string => {
  const local = new Date(epochMs + offsetHours * 3_600_000).toISOString()
  const offset = `${offsetHours < 0 ? '-' : '+'}${String(Math.abs(offsetHours)).padStart(2, '0')}00`
  return `${local.slice(0, 10)} ${local.slice(11, 23)}${String(micros).padStart(3, '0')} ${offset}`
}

const makeKey = (random: Random, id: string): string | null => (random() < 0.5 ? null : `key-${id}`)

/**
 * A seeded load: logs with strictly increasing event time over topics and partitions at random, with bad ones in
 * between.
 */
export const createLoad = ({ seed, count, topics, badShare = 0.05 }: LoadOptions): LoadRecord[] => {
  const random = createRandom(seed)
  return Array.from({ length: count }, (_, index) => {
    const { topic, partitionCount, offsetHours } = pick(random, topics)
    const partition = randomInteger(random, 0, partitionCount - 1)
    const id = `${seed}-${index}`
    const headers = [{ name: 'id', value: id }]
    const place = { id, topic, partition, headers, key: makeKey(random, id) }
    if (random() < badShare) {
      const { value, reason } = pick(random, smallBadRecords)
      return { ...place, value, badReason: reason }
    }
    const epochMs = startMs + Math.floor((index * spanMs) / count)
    const date = formatDate(epochMs, randomInteger(random, 0, 999), offsetHours)
    return { ...place, value: JSON.stringify({ date, message: id }), badReason: undefined }
  })
}
