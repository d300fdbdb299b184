import type { Clock, Logger } from '@kafka-etl/common'
import type { TopicBatch } from './plan-round.js'

/** Logs what was sent: a line a second at most. */
export type SentLog = {
  readonly add: (batches: readonly TopicBatch[]) => void
  /** Writes the line for what no line has said yet. */
  readonly flush: () => void
}

/** A little less than a second, so that a log a second gets a line each although timers are late or early by some ms. */
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

/** Records sent since the last line; `perTopic` by the topics' indexes. */
export type SentCounts = {
  readonly first: number
  readonly last: number
  readonly perTopic: ReadonlyMap<number, number>
}

export const nothingSent: SentCounts = { first: Number.POSITIVE_INFINITY, last: 0, perTopic: new Map() }

/** Adds batches to the counts; indexes within a batch rise. */
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

/** One line for what was sent: `sent log 11 to timezone1`, or `sent logs 0 to 999: 480 to timezone1, 520 to timezone2`. */
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

/** `log` of `logs`. */
export const singularOf = (noun: string): string => noun.replace(/s$/, '')
