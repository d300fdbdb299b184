/** A header of a record: its name and its value, null for none. Names may repeat; their order is kept. */
export type Header = readonly [name: string, value: Buffer | null]

/** Of outputs: the loop says where they come from, whatever a step hands on. */
export const headersOfLoop: ReadonlySet<string> = new Set(['source', 'source-topic-id'])

/** What a step sees of a record, and where the record is. */
export type StepRecord<Value> = {
  readonly value: Value
  readonly key: Buffer | null
  /** What the key says, null for none; of a topic with `keyFormat` alone. */
  readonly keyValue?: unknown
  readonly headers: readonly Header[]
  /** Kafka's record timestamp, epoch ms; -1 for none. */
  readonly timestampMs: number
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  /** When the record is handled, epoch ms: the same for all records of a batch. A retry may see another. */
  readonly handledAtMs: number
}

/**
 * The header `source` of an output: where its input stands, and from the second record on that the input makes of a topic,
 * which of them it is. No topic's name holds a slash.
 */
export const sourceOf = (
  { topic, partition, offset }: Pick<StepRecord<unknown>, 'topic' | 'partition' | 'offset'>,
  index: number,
): string => `${topic}/${partition}/${offset}${index === 0 ? '' : `/${index}`}`
