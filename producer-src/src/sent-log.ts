import type { Clock, Logger } from '@kafka-etl/common'
import type { TopicBatch } from './plan-round.js'

/** Logs what was sent, in at most one line a second. */
export type SentLog = {
  readonly add: (batches: readonly TopicBatch[]) => void
  /** Logs what no line has reported yet. */
  readonly flush: () => void
}

/**
 * Slightly less than a second: at one log a second, each log gets a line although timers are a few ms late or early.
 */
const lineEveryMs = 900

export const createSentLog = (logger: Logger, clock: Clock, names: SentNames): SentLog => {
  let untold = nothingSent
  let lastLineMs = Number.NEGATIVE_INFINITY
  const flush = (): void => {
    if (untold === nothingSent) return
    logger.info(formatSent(untold, names))
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

/** What the lines call records and topics. */
export type SentNames = { readonly noun: string; readonly topics: readonly string[] }

/** The records sent since the last line; `perTopic` is indexed by topic. */
export type SentCounts = {
  readonly first: number
  readonly last: number
  readonly perTopic: ReadonlyMap<number, number>
}

export const nothingSent: SentCounts = { first: Number.POSITIVE_INFINITY, last: 0, perTopic: new Map() }

/** Adds batches to the counts. Indexes within a batch ascend. */
export const addUp = (counts: SentCounts, batches: readonly TopicBatch[]): SentCounts => {
  const perTopic = new Map(counts.perTopic)
  let { first, last } = counts
  for (const { topicIndex, indexes } of batches) {
    perTopic.set(topicIndex, (perTopic.get(topicIndex) ?? 0) + indexes.length)
    first = Math.min(first, indexes[0] ?? first)
    last = Math.max(last, indexes.at(-1) ?? last)
  }
  return perTopic.size === 0 ? counts : { first, last, perTopic }
}

/**
 * One line for what was sent: `sent log 11 to timezone1`, or `sent logs 0 to 999: 480 to timezone1, 520 to timezone2`.
 */
export const formatSent = ({ first, last, perTopic }: SentCounts, { noun, topics }: SentNames): string => {
  const total = [...perTopic.values()].reduce((sum, count) => sum + count, 0)
  const shares = topics.flatMap((topic, index) => {
    const count = perTopic.get(index) ?? 0
    if (count === 0) return []
    return [total === 1 ? topic : `${count} to ${topic}`]
  })
  if (total === 1) return `sent ${singularOf(noun)} ${last} to ${shares.join('')}`
  return `sent ${noun} ${first} to ${last}: ${shares.join(', ')}`
}

/** `log` for `logs`. */
export const singularOf = (noun: string): string => noun.replace(/s$/, '')
