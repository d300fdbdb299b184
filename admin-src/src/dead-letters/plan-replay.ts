import { formatSource, headerNames, type RecordHeader, type SourceCoordinates } from '@kafka-etl/kafka'
import { formatCoordinates, originalHeaders, type DeadLetter } from './letter.js'
import type { ReplayMarks } from './replay-marks.js'

/** Which letters to replay: those that match every condition. */
export type ReplayChoice = {
  /** Empty: any reason. */
  readonly reasons: readonly string[]
  /** Empty: any letter. */
  readonly letters: readonly LetterCoordinates[]
  /** Only letters of this input topic; undefined: of any. */
  readonly topic: string | undefined
  /** Only letters rejected at or after this time, in epoch milliseconds; undefined: at any time. */
  readonly sinceMs: number | undefined
  /** The most letters to replay; undefined: all. */
  readonly limit: number | undefined
  /** Also replays that were rejected again. */
  readonly isAgain: boolean
}

export type LetterCoordinates = { readonly partition: number; readonly offset: bigint }

/** Why a chosen letter is not replayed. */
export const skipReasons = {
  alreadyReplayed: 'replayed before',
  rejectedAgain: 'rejected once more after a replay (add --again to send them too)',
  cut: 'cut to fit into the topic: the rest of their content is gone',
  noInput: 'of a topic or partition that the pipeline no longer reads',
  tooLarge: 'larger than one batch of their input may be (max.message.bytes)',
  refused: 'refused by the broker',
  notFound: 'not in the topic of the dead letters',
} as const

export type SkipReason = keyof typeof skipReasons

export type ReplayPlan =
  | { readonly kind: 'send'; readonly record: ReplayRecord; readonly mark: string }
  | { readonly kind: 'skip'; readonly reason: SkipReason; readonly detail?: string }
  | { readonly kind: 'notChosen' }

/** The original record, on its way back to the partition it came from. */
export type ReplayRecord = {
  readonly topic: string
  readonly partition: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly RecordHeader[]
}

/** Decides what to do with a letter. `partitionCounts` is the number of partitions of each input topic. */
export const planReplay = (
  letter: DeadLetter,
  choice: ReplayChoice,
  marks: ReplayMarks,
  partitionCounts: ReadonlyMap<string, number>,
): ReplayPlan => {
  const { source, key, value } = letter
  if (!source || !isChosen(letter, source, choice)) return { kind: 'notChosen' }
  const mark = markOf(letter, source)
  if (marks.has(mark)) return { kind: 'skip', reason: 'alreadyReplayed' }
  if (letter.originalSize !== undefined) return { kind: 'skip', reason: 'cut' }
  if (isReplay(letter, marks) && !choice.isAgain) return { kind: 'skip', reason: 'rejectedAgain' }
  if (source.partition >= (partitionCounts.get(source.topic) ?? 0)) return { kind: 'skip', reason: 'noInput' }
  const record = { topic: source.topic, partition: source.partition, key, value, headers: headersOf(letter, marks) }
  return { kind: 'send', mark, record }
}

const isChosen = (
  letter: DeadLetter,
  source: SourceCoordinates,
  { reasons, letters, topic, sinceMs }: ReplayChoice,
): boolean => {
  const { reason, rejectedAtMs } = letter
  if (reason === undefined || (reasons.length > 0 && !reasons.includes(reason))) return false
  if (topic !== undefined && topic !== source.topic) return false
  if (sinceMs !== undefined && (rejectedAtMs === undefined || rejectedAtMs < sinceMs)) return false
  return letters.length === 0 || letters.some((named) => isNamed(letter, named))
}

const isNamed = (letter: DeadLetter, { partition, offset }: LetterCoordinates): boolean =>
  partition === letter.partition && offset === letter.offset

/** `0/17` */
export const coordinatesOf = ({ partition, offset }: LetterCoordinates): string => `${partition}/${offset}`

/**
 * Whether the rejected record is a replay. Any client may write a `replay-of` header: it counts only if it names a
 * letter that was replayed.
 */
const isReplay = ({ topic, replayOf }: DeadLetter, marks: ReplayMarks): boolean =>
  replayOf !== undefined && replayOf.startsWith(`${topic}/`) && marks.hasLetter(replayOf.slice(topic.length + 1))

/** The record's own headers in order, then the coordinates of this letter, which replace those of an earlier letter. */
const headersOf = (letter: DeadLetter, marks: ReplayMarks): readonly RecordHeader[] => {
  const own = originalHeaders(letter)
  const former = isReplay(letter, marks) ? own.findLastIndex(({ key }) => key === headerNames.replayOf) : -1
  const replayOf = { key: headerNames.replayOf, value: Buffer.from(formatCoordinates(letter)) }
  return [...own.filter((_header, index) => index !== former), replayOf]
}

/** The identity of a letter: even if the topic is deleted and recreated, no other letter has the same one. */
const markOf = ({ partition, offset, rejectedAtMs }: DeadLetter, source: SourceCoordinates): string =>
  `${coordinatesOf({ partition, offset })} ${formatSource(source)} ${rejectedAtMs ?? ''}`
