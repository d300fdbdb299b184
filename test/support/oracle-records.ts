/** A record as the Java consumer returns it, byte for byte. */
export type TopicRecord = {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  readonly timestampMs: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly RecordHeader[]
}
export type RecordHeader = { readonly name: string; readonly value: Buffer | null }

/** A record to write; without a partition, the Java producer picks one. */
export type NewRecord = {
  readonly topic: string
  readonly partition?: number
  readonly timestampMs?: number
  readonly key?: Buffer | string | null
  readonly value: Buffer | string | null
  readonly headers?: readonly { readonly name: string; readonly value: Buffer | string | null }[]
}

/** The outcome of a write: acknowledged at an offset, or not. */
export type WriteOutcome =
  | { readonly ok: true; readonly partition: number; readonly offset: bigint }
  | { readonly ok: false; readonly reason: string }

export type EncodedRecord = {
  readonly topic: string
  readonly partition: number
  readonly offset: string
  readonly timestampMs: number
  readonly key: string | null
  readonly value: string | null
  readonly headers: readonly { readonly name: string; readonly value: string | null }[]
}

const decodeBytes = (text: string | null): Buffer | null => (text === null ? null : Buffer.from(text, 'base64'))

const encodeBytes = (bytes: Buffer | string | null | undefined): string | null =>
  bytes === null || bytes === undefined ? null : Buffer.from(bytes).toString('base64')

export const decodeRecord = (record: EncodedRecord): TopicRecord => ({
  ...record,
  offset: BigInt(record.offset),
  key: decodeBytes(record.key),
  value: decodeBytes(record.value),
  headers: record.headers.map(({ name, value }) => ({ name, value: decodeBytes(value) })),
})

export const encodeRecord = (record: NewRecord): Record<string, unknown> => ({
  ...record,
  key: encodeBytes(record.key),
  value: encodeBytes(record.value),
  headers: (record.headers ?? []).map(({ name, value }) => ({ name, value: encodeBytes(value) })),
})

/** The text of the last header with this name, as Kafka's own `lastHeader` picks it. */
export const headerText = (record: TopicRecord, name: string): string | undefined =>
  record.headers.findLast((header) => header.name === name)?.value?.toString('utf8')
