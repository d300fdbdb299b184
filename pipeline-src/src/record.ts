/** A header of a record: its name and its value, null for none. Names may repeat; their order is kept. */
export type Header = readonly [name: string, value: Buffer | null]

/** The headers that only the ETL sets on outputs: they say where an output comes from. */
export const headersOfLoop: ReadonlySet<string> = new Set(['source', 'source-topic-id'])

/** A record as a step sees it, with its position. */
export type StepRecord<Value> = {
  readonly value: Value
  readonly key: Buffer | null
  /** The decoded key, null for none; only for a topic with `keyFormat`. */
  readonly keyValue?: unknown
  readonly headers: readonly Header[]
  /** Kafka's record timestamp in epoch ms; -1 for none. */
  readonly timestampMs: number
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  /** When the record is handled, in epoch ms; the same for all records of a batch. A retry may see another time. */
  readonly handledAtMs: number
}

/**
 * The `source` header of an output: the position of its input. If the input produces more than one record in a topic,
 * the second and later ones append their index. No topic name contains a slash.
 */
export const sourceOf = (
  { topic, partition, offset }: Pick<StepRecord<unknown>, 'topic' | 'partition' | 'offset'>,
  index: number,
): string => `${topic}/${partition}/${offset}${index === 0 ? '' : `/${index}`}`
