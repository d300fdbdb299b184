import { SettingsError } from '@kafka-etl/common'
import type { ResultFiles } from '@kafka-etl/pipeline'
import type { PartitionPosition } from '../file/file-positions.js'
import {
  expectAfterJoin,
  findBreak,
  findLoss,
  type Expectation,
  type ReadableRange,
  type StretchStart,
} from './continuity.js'

/** How many checks in a row must find a loss: a broker that has just started may show an old end of its log. */
const checksBeforeLoss = 3

type Partition = {
  position: PartitionPosition | undefined
  expectation: Expectation
  isAskedAgain: boolean
  losses: number
}

/** What to do with a stretch: take it, or read again from `offset` because it is not the expected one. */
export type Verdict =
  { readonly take: true } | { readonly take: false; readonly offset: number; readonly reason: string }

/** A topic, and the files of its rows. */
export type TopicResult = { readonly topic: string; readonly files: ResultFiles }

/** The reader's position in each partition of the topic, and whether the records it reads continue from there. */
export const createPartitions = ({ topic, files }: TopicResult, start: ReadonlyMap<number, PartitionPosition>) => {
  const partitions = new Map<number, Partition>()
  let ranges: ReadonlyMap<number, ReadableRange> = new Map()

  const expectationOf = (partition: number, position: PartitionPosition | undefined): Expectation =>
    expectAfterJoin(position, ranges.get(partition)?.start ?? 0)
  const get = (partition: number): Partition => {
    const known = partitions.get(partition)
    if (known) return known
    const position = start.get(partition)
    const added = { position, expectation: expectationOf(partition, position), isAskedAgain: false, losses: 0 }
    partitions.set(partition, added)
    return added
  }
  for (const partition of start.keys()) get(partition)
  const nextOf = (partition: number): number => get(partition).position?.next ?? ranges.get(partition)?.start ?? 0
  const refuse = (partition: number, sentence: string): never => {
    throw new SettingsError(
      `${topic}, partition ${partition}: ${sentence}. ${files.path} cannot continue from this log: to start over, move both ${files.path} and ${files.positionsPath} away`,
    )
  }
  const askAgain = (state: Partition, partition: number, reason: string): Verdict => {
    state.isAskedAgain = true
    state.expectation = expectationOf(partition, state.position)
    return { take: false, offset: state.expectation.offset, reason }
  }
  const advance = (partition: number, position: PartitionPosition): void => {
    const state = get(partition)
    state.position = position
    state.expectation = { kind: 'offset', offset: position.next }
    state.isAskedAgain = false
  }

  return {
    nextOf,
    positionOf: (partition: number): PartitionPosition => get(partition).position ?? { next: 0, sources: [] },
    positions: (): ReadonlyMap<number, PartitionPosition> =>
      new Map([...partitions].flatMap(([id, { position }]) => (position ? [[id, position]] : []))),
    /** The offset to seek to after a join. */
    join: (partition: number): number => {
      const state = get(partition)
      state.expectation = expectationOf(partition, state.position)
      return state.expectation.offset
    },
    /** Whether the next stretch must show its first record. */
    expectsRecord: (partition: number): boolean => get(partition).expectation.kind === 'record',
    /** Throws if a stretch that was read again is still not the expected one. */
    judge: (partition: number, stretch: StretchStart): Verdict => {
      const state = get(partition)
      const reason = findBreak(state.expectation, stretch)
      if (reason === undefined) return { take: true }
      // A stretch that was fetched before a rebalance may still arrive after it: only the second one counts.
      if (state.isAskedAgain) refuse(partition, reason)
      return askAgain(state, partition, reason)
    },
    /**
     * Moves over offsets without records. Their first one may be after the expected one if compaction has removed whole
     * record batches; this is accepted only after reading them again.
     */
    passOver: (partition: number, firstOffset: number, lastOffset: number): Verdict => {
      const state = get(partition)
      const { offset } = state.expectation
      if (firstOffset > offset && !state.isAskedAgain) {
        return askAgain(state, partition, `expected offset ${offset}, got ${firstOffset}`)
      }
      const position = state.position ?? { next: 0, sources: [] }
      advance(partition, { ...position, next: Math.max(position.next, lastOffset + 1) })
      return { take: true }
    },
    advance,
    /** Takes the ranges of the broker's log. Returns false, and finally throws, if it is not the file's log. */
    check: (found: ReadonlyMap<number, ReadableRange>, nextBefore: ReadonlyMap<number, number>): boolean => {
      ranges = found
      let isSound = true
      for (const [partition, next] of nextBefore) {
        const state = get(partition)
        const loss = findLoss(next, found.get(partition) ?? { start: 0, stableEnd: 0 })
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
