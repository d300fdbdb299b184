import type { Input } from '@kafka-etl/common'
import { chooseZone } from './choose-zone.js'
import { isSent, type StreamPosition } from './stream-position.js'

/** Logs of one round that go to one topic, and so into one transaction, by partition. */
export type TopicBatch = {
  readonly inputIndex: number
  readonly partitions: ReadonlyMap<number, readonly number[]>
}

export type StreamLayout = {
  readonly seed: number
  readonly inputs: readonly Input[]
  /** Partitions of each input's topic, in the order of `inputs`. */
  readonly partitionCounts: readonly number[]
}

/** The logs from `start` up to but not including `end` that are not in their topics yet, by topic. */
export const planRound = (
  { seed, inputs, partitionCounts }: StreamLayout,
  position: StreamPosition,
  start: number,
  end: number,
): readonly TopicBatch[] => {
  const batches = inputs.map((_, inputIndex) => ({ inputIndex, partitions: new Map<number, number[]>() }))
  for (let index = start; index < end; index++) {
    if (isSent(position, seed, index)) continue
    const inputIndex = chooseZone(seed, index, inputs.length)
    const partition = index % (partitionCounts[inputIndex] ?? 1)
    const partitions = batches[inputIndex]?.partitions
    const indexes = partitions?.get(partition)
    if (indexes) indexes.push(index)
    else partitions?.set(partition, [index])
  }
  return batches.filter(({ partitions }) => partitions.size > 0)
}

export const countLogs = ({ partitions }: TopicBatch): number =>
  [...partitions.values()].reduce((sum, indexes) => sum + indexes.length, 0)
