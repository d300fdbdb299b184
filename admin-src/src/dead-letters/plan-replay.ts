import { formatSource, headerNames, type SourceCoordinates } from '@kafka-etl/kafka'
import type { IHeaders } from 'kafkajs'
import { formatCoordinates, originalHeaders, type DeadLetter } from './letter.js'

/** Which letters are to be sent back. */
export type ReplayChoice = {
  readonly reasons: readonly string[]
  /** Only those of this input topic; undefined: of every one. */
  readonly topic: string | undefined
  /** Letters too that are replays which were rejected once more. */
  readonly isAgain: boolean
}

/** Why a chosen letter is not sent back. */
export const skipReasons = {
  alreadyReplayed: 'replayed before',
  rejectedAgain: 'rejected once more after a replay (add --again to send them too)',
  cut: 'cut to fit into the topic: their whole content is not there any more',
  noInput: 'of a topic or partition that INPUTS has no more',
} as const

export type SkipReason = keyof typeof skipReasons

export type ReplayPlan =
  | { readonly kind: 'send'; readonly record: ReplayRecord; readonly mark: string }
  | { readonly kind: 'skip'; readonly reason: SkipReason }
  | { readonly kind: 'notChosen' }

/** The original record, on its way back to the partition it came from. */
export type ReplayRecord = {
  readonly topic: string
  readonly partition: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: IHeaders
}

/**
 * What becomes of a letter. `marks` are those of all replays so far, `partitionCounts` the partitions that each input
 * topic has.
 */
export const planReplay = (
  letter: DeadLetter,
  { reasons, topic, isAgain }: ReplayChoice,
  marks: ReadonlySet<string>,
  partitionCounts: ReadonlyMap<string, number>,
): ReplayPlan => {
  const { source, reason, key, value } = letter
  if (!source || reason === undefined || !reasons.includes(reason)) return { kind: 'notChosen' }
  if (topic !== undefined && topic !== source.topic) return { kind: 'notChosen' }
  const mark = markOf(letter, source)
  if (marks.has(mark)) return { kind: 'skip', reason: 'alreadyReplayed' }
  if (letter.originalSize !== undefined) return { kind: 'skip', reason: 'cut' }
  if (letter.replayOf !== undefined && !isAgain) return { kind: 'skip', reason: 'rejectedAgain' }
  if (source.partition >= (partitionCounts.get(source.topic) ?? 0)) return { kind: 'skip', reason: 'noInput' }
  const headers = { ...originalHeaders(letter.headers), [headerNames.replayOf]: formatCoordinates(letter) }
  return { kind: 'send', mark, record: { topic: source.topic, partition: source.partition, key, value, headers } }
}

/** What a letter is known by: also when the topic is deleted and made again, no other one has all of these. */
const markOf = ({ partition, offset, rejectedAtMs }: DeadLetter, source: SourceCoordinates): string =>
  `${partition}/${offset} ${formatSource(source)} ${rejectedAtMs ?? ''}`
