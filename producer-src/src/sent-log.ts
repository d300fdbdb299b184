import type { Clock, Input, Logger } from '@kafka-etl/common'
import { countLogs, type TopicBatch } from './plan-round.js'

/** Logs what was sent: a line a second at most. */
export type SentLog = {
  readonly add: (batches: readonly TopicBatch[]) => void
  /** Writes the line for what no line has said yet. */
  readonly flush: () => void
}

/** A little less than a second, so that a log a second gets a line each although timers are late or early by some ms. */
const lineEveryMs = 900

export const createSentLog = (logger: Logger, clock: Clock, inputs: readonly Input[]): SentLog => {
  let untold = nothingSent
  let lastLineMs = Number.NEGATIVE_INFINITY
  const flush = (): void => {
    if (untold === nothingSent) return
    logger.info(formatSent(untold, inputs))
    untold = nothingSent
    lastLineMs = clock.monotonicMs()
  }
  return {
    add: (batches) => {
      untold = addUp(untold, batches)
      if (clock.monotonicMs() - lastLineMs >= lineEveryMs) flush()
    },
    flush,
  }
}

/** Logs sent since the last line; `perInput` by the inputs' indexes. */
export type SentCounts = {
  readonly first: number
  readonly last: number
  readonly perInput: ReadonlyMap<number, number>
}

export const nothingSent: SentCounts = { first: Number.POSITIVE_INFINITY, last: 0, perInput: new Map() }

/** Adds batches to the counts; indexes within a partition rise. */
export const addUp = (counts: SentCounts, batches: readonly TopicBatch[]): SentCounts => {
  const perInput = new Map(counts.perInput)
  let { first, last } = counts
  for (const batch of batches) {
    perInput.set(batch.inputIndex, (perInput.get(batch.inputIndex) ?? 0) + countLogs(batch))
    for (const indexes of batch.partitions.values()) {
      first = Math.min(first, indexes[0] ?? first)
      last = Math.max(last, indexes.at(-1) ?? last)
    }
  }
  return perInput.size === 0 ? counts : { first, last, perInput }
}

/**
 * One line for what was sent: `sent log 11 to timezone1 (America/New_York)`, or `sent logs 0 to 999: 480 to timezone1
 * (America/New_York), 520 to timezone2 (Europe/Paris)`.
 */
export const formatSent = ({ first, last, perInput }: SentCounts, inputs: readonly Input[]): string => {
  const total = [...perInput.values()].reduce((sum, count) => sum + count, 0)
  const shares = inputs.flatMap(({ topic, zone }, index) => {
    const count = perInput.get(index) ?? 0
    if (count === 0) return []
    return [total === 1 ? `${topic} (${zone})` : `${count} to ${topic} (${zone})`]
  })
  return total === 1 ? `sent log ${last} to ${shares.join('')}` : `sent logs ${first} to ${last}: ${shares.join(', ')}`
}
