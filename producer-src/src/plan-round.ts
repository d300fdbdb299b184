import type { Input } from '@kafka-etl/common'
import { chooseZone } from './log-stream.js'
import { isThere, type Progress } from './progress.js'

/** Logs of one round that go to one partition, and so into one request. */
export type Batch = { readonly inputIndex: number; readonly partition: number; readonly indexes: readonly number[] }

export type StreamLayout = {
  readonly seed: number
  readonly inputs: readonly Input[]
  /** Partitions of each input's topic, in the order of `inputs`. */
  readonly partitionCounts: readonly number[]
}

/** The logs from `start` up to but not including `end` that are not in their topics yet, by partition. */
export const planRound = (layout: StreamLayout, progress: Progress, start: number, end: number): readonly Batch[] => {
  const batches = new Map<string, Batch & { readonly indexes: number[] }>()
  for (let index = start; index < end; index++) {
    if (isThere(progress, index)) continue
    const inputIndex = chooseZone(layout.seed, index, layout.inputs.length)
    const partition = index % (layout.partitionCounts[inputIndex] ?? 1)
    const key = `${inputIndex}/${partition}`
    const batch = batches.get(key)
    if (batch) batch.indexes.push(index)
    else batches.set(key, { inputIndex, partition, indexes: [index] })
  }
  return [...batches.values()]
}
