/** The coordinates of the input record that a record was made from. */
export type SourceCoordinates = {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  /** The index among the records that the input produced in one topic, from 0; undefined: the first. */
  readonly index?: number
}

/** The header names of outputs and dead letters; see the table of topics in the README. */
export const headerNames = {
  source: 'source',
  /** The id of the source topic (KIP-516), on records from a topic that was recreated. */
  sourceTopicId: 'source-topic-id',
  errorReason: '__etl.errors.reason',
  errorMessage: '__etl.errors.message',
  errorTimestamp: '__etl.errors.timestamp',
  originalSize: '__etl.original.size',
  /** The coordinates of the dead letter, on a replayed record. */
  replayOf: 'replay-of',
} as const

/**
 * Formats coordinates such as `timezone1/0/4711`. They are unambiguous, since a topic name contains no slash. If an
 * input produces several records in one topic, the second one is `timezone1/0/4711/1`.
 */
export const formatSource = ({ topic, partition, offset, index = 0 }: SourceCoordinates): string =>
  `${topic}/${partition}/${offset}${index === 0 ? '' : `/${index}`}`

const sourceFormat = /^([a-zA-Z0-9._-]{1,249})\/(\d{1,10})\/(\d{1,19})(?:\/([1-9]\d{0,8}))?$/

/** The inverse of {@link formatSource}; undefined for any other text. */
export const parseSource = (text: string): SourceCoordinates | undefined => {
  const [, topic, partition, offset, index] = sourceFormat.exec(text) ?? []
  if (topic === undefined || partition === undefined || offset === undefined) return undefined
  const coordinates = { topic, partition: Number(partition), offset: BigInt(offset) }
  return index === undefined ? coordinates : { ...coordinates, index: Number(index) }
}
