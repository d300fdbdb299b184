/** Where a record came from: the coordinates of the input record that it is made of. */
export type SourceCoordinates = {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  /** Which of the records it is that the input led to in one topic, from 0 on; undefined: the first. */
  readonly index?: number
}

/** Header names of outputs and dead letters; see the topics' table in the README. */
export const headerNames = {
  source: 'source',
  /** Of a record made of a topic that was made again: the id of that topic (KIP-516). */
  sourceTopicId: 'source-topic-id',
  errorReason: '__etl.errors.reason',
  errorMessage: '__etl.errors.message',
  errorTimestamp: '__etl.errors.timestamp',
  originalSize: '__etl.original.size',
  /** Of a replayed record: the coordinates of the dead letter that it was. */
  replayOf: 'replay-of',
} as const

/**
 * `timezone1/0/4711`: unambiguous, since a topic's name holds no slash. Where an input makes several records of one
 * topic, the second is `timezone1/0/4711/1`.
 */
export const formatSource = ({ topic, partition, offset, index = 0 }: SourceCoordinates): string =>
  `${topic}/${partition}/${offset}${index === 0 ? '' : `/${index}`}`

const sourceFormat = /^([a-zA-Z0-9._-]{1,249})\/(\d{1,10})\/(\d{1,19})(?:\/([1-9]\d{0,8}))?$/

/** The reverse of {@link formatSource}; undefined for any other text. */
export const parseSource = (text: string): SourceCoordinates | undefined => {
  const [, topic, partition, offset, index] = sourceFormat.exec(text) ?? []
  if (topic === undefined || partition === undefined || offset === undefined) return undefined
  const coordinates = { topic, partition: Number(partition), offset: BigInt(offset) }
  return index === undefined ? coordinates : { ...coordinates, index: Number(index) }
}
