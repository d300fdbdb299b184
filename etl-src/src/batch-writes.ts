import {
  createRunBuilder,
  type EncodedRecords,
  type PartitionWrite,
  type RunBuilder,
  type RunMemory,
} from '@kafka-etl/kafka'
import { limitOf, type OutputLimits } from './output-limits.js'

/** What a batch writes to each partition, in the order in which partitions first occurred. */
export type BatchWrites = {
  readonly to: (topic: string, partition: number) => RunBuilder
  /** Removes and returns what is complete so far. */
  readonly takeEnded: () => readonly PartitionWrite[]
  readonly finish: () => readonly PartitionWrite[]
}

type Place = { readonly topic: string; readonly partition: number; readonly records: RunBuilder }

export const maxRecordsPerRun = 20_000

export const createBatchWrites = (limits: OutputLimits, memory: RunMemory): BatchWrites => {
  const places: Place[] = []
  const byTopic = new Map<string, RunBuilder[]>()

  const open = (topic: string, partition: number, known: RunBuilder[]): RunBuilder => {
    const records = createRunBuilder(limitOf(limits, topic), maxRecordsPerRun, memory)
    known[partition] = records
    places.push({ topic, partition, records })
    return records
  }

  return {
    to: (topic, partition) => {
      let known = byTopic.get(topic)
      if (!known) byTopic.set(topic, (known = []))
      return known[partition] ?? open(topic, partition, known)
    },
    takeEnded: () => places.flatMap((place) => writesTo(place, place.records.takeEnded())),
    finish: () => places.flatMap((place) => writesTo(place, place.records.finish())),
  }
}

export const writesTo = (
  { topic, partition }: { readonly topic: string; readonly partition: number },
  runs: readonly EncodedRecords[],
): readonly PartitionWrite[] => runs.map((records) => ({ topic, partition, records }))
