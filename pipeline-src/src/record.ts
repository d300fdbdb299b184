/** A header of a record: its name and its value, null for none. Names may repeat; their order is kept. */
export type Header = readonly [name: string, value: Buffer | null]

/** What a step sees of a record, and where the record stands. */
export type StepRecord<Value> = {
  readonly value: Value
  readonly key: Buffer | null
  readonly headers: readonly Header[]
  /** Kafka's record timestamp, epoch ms; -1 for none. */
  readonly timestampMs: number
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  /** When the record is handled, epoch ms: the same for all records of a batch. A retry may see another. */
  readonly handledAtMs: number
}
