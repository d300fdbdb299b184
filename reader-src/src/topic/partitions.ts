import { SettingsError } from '@kafka-etl/common'
import { expectAfterJoin, findBreak, findLoss, type BatchStart, type Expectation, type LogRange } from './continuity.js'
import type { PartitionPosition } from '../file/file-positions.js'

/** Checks in a row that must find a loss: a broker that has just come up may show an old end of its log. */
const checksBeforeLoss = 3

type Partition = {
  position: PartitionPosition | undefined
  expectation: Expectation
  isAskedAgain: boolean
  losses: number
}

/** What to do with a batch: take it, or read again from `offset` since it is not the expected one. */
export type Verdict =
  { readonly take: true } | { readonly take: false; readonly offset: number; readonly reason: string }

/** Where the reader is in each partition of `topic`, and whether what it reads continues from there. */
export const createPartitions = (topic: string, start: ReadonlyMap<number, PartitionPosition>) => {
  const partitions = new Map<number, Partition>()
  let ranges: ReadonlyMap<number, LogRange> = new Map()

  const expectationOf = (partition: number, position: PartitionPosition | undefined): Expectation =>
    expectAfterJoin(position, ranges.get(partition)?.low ?? 0)
  const get = (partition: number): Partition => {
    const known = partitions.get(partition)
    if (known) return known
    const position = start.get(partition)
    const added = { position, expectation: expectationOf(partition, position), isAskedAgain: false, losses: 0 }
    partitions.set(partition, added)
    return added
  }
  for (const partition of start.keys()) get(partition)
  const nextOf = (partition: number): number => get(partition).position?.next ?? ranges.get(partition)?.low ?? 0
  const refuse = (partition: number, sentence: string): never => {
    throw new SettingsError(
      `${topic}, partition ${partition}: ${sentence}. results.csv cannot go on from this log: to start anew, move results.csv and results.positions.json away, both`,
    )
  }

  return {
    nextOf,
    positionOf: (partition: number): PartitionPosition => get(partition).position ?? { next: 0, sources: new Map() },
    positions: (): ReadonlyMap<number, PartitionPosition> =>
      new Map([...partitions].flatMap(([id, { position }]) => (position ? [[id, position]] : []))),
    /** The offset to seek to after a join. */
    join: (partition: number): number => {
      const state = get(partition)
      state.expectation = expectationOf(partition, state.position)
      return state.expectation.offset
    },
    /** Throws where a batch that was read again is still not the expected one. */
    judge: (partition: number, batch: BatchStart): Verdict => {
      const state = get(partition)
      const reason = findBreak(state.expectation, batch)
      if (reason === undefined) return { take: true }
      // A batch that was fetched before a rebalance may still come after it: only the second one counts.
      if (state.isAskedAgain) refuse(partition, reason)
      state.isAskedAgain = true
      state.expectation = expectationOf(partition, state.position)
      return { take: false, offset: state.expectation.offset, reason }
    },
    advance: (partition: number, position: PartitionPosition): void => {
      const state = get(partition)
      state.position = position
      state.expectation = { kind: 'offset', offset: position.next }
      state.isAskedAgain = false
    },
    /** Takes what the broker says about the log: false, and in the end a throw, if it is not the file's log. */
    check: (found: ReadonlyMap<number, LogRange>, nextBefore: ReadonlyMap<number, number>): boolean => {
      ranges = found
      let isSound = true
      for (const [partition, next] of nextBefore) {
        const state = get(partition)
        const loss = findLoss(next, found.get(partition) ?? { low: 0, stableEnd: 0 })
        state.losses = loss === undefined ? 0 : state.losses + 1
        if (loss !== undefined) isSound = false
        if (loss !== undefined && state.losses >= checksBeforeLoss) refuse(partition, loss)
      }
      return isSound
    },
    nexts: (): ReadonlyMap<number, number> => new Map([...partitions.keys()].map((id) => [id, nextOf(id)])),
  }
}

export type Partitions = ReturnType<typeof createPartitions>
