/** One record, by where its parts stand in bytes. It may be the same object from record to record: what is to stay has to be copied. */
export type RecordView = {
  readonly buffer: Buffer
  readonly keyStart: number
  /** -1: no key. */
  readonly keyLength: number
  readonly valueStart: number
  /** -1: a tombstone. */
  readonly valueLength: number
  /** The number of headers and the headers, as Kafka's format v2 has them (KIP-98). */
  readonly headersStart: number
  readonly headersEnd: number
  readonly offsetNumber: number
  /** Kafka's record timestamp, epoch ms; -1: none. */
  readonly timestampMs: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: RecordHeaders
}

/** By name; several of one name are a list. */
export type RecordHeaders = Readonly<Record<string, HeaderValue | readonly HeaderValue[] | undefined>>
export type HeaderValue = Buffer | string | null

/** Records to be read once, in order. */
export type RecordViews = { readonly forEach: (visit: (record: RecordView) => void) => void }

/** As many records of a batch as fit into bounded memory. `nextOffset` is where the partition goes on behind them. */
export type RecordChunk = { readonly records: RecordViews; readonly nextOffset: bigint }

/** What a fetch brought of one partition: only what a reader of committed records may see. */
export type FetchedBatch = {
  readonly topic: string
  readonly partition: number
  /** The offset that was asked for: where the partition's position stood. */
  readonly fetchedOffset: bigint
  /** The last offset that the fetch covered, control records and aborted ones included. */
  readonly lastOffset: bigint
  /** The records, piece by piece; the last piece goes on behind `lastOffset`. Each is valid until the next is asked for. */
  readonly chunks: () => AsyncIterable<RecordChunk>
}
