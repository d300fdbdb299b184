import { readHeader, readHeadersByName, type HeadersByName } from './headers.js'

/** A transactional producer: its id and its epoch, that is, how many producers had the transactional id before it. */
export type TransactionalWriter = { readonly producerId: bigint; readonly producerEpoch: number }

/**
 * A view of one record in `buffer`. The same view moves from record to record: copy what has to outlive it. The fields
 * are for code that runs for each of millions of records; `key`, `value` and `header` are for all other code.
 */
export class RecordView {
  buffer: Buffer = Buffer.alloc(0)
  keyStart = 0
  /** In bytes; -1 if the key is null. */
  keyLength = -1
  valueStart = 0
  /** In bytes; -1 if the value is null, a tombstone. */
  valueLength = -1
  /** Where the headers begin, with their count first, as in format v2. */
  headersStart = 0
  headersEnd = 0
  /** How many bytes of the value were cut off during decompression, since no output can hold them; mostly 0. */
  missingValueBytes = 0
  missingKeyBytes = 0
  /** Headers that are too large are dropped altogether: `headersStart` then points to a count of 0. */
  missingHeadersBytes = 0
  /** The producer of a transactional record; the same object for all records of a batch. */
  writer: TransactionalWriter | undefined = undefined
  offsetNumber = 0
  /** Kafka's record timestamp in epoch ms, -1 for none. If `timestamp` is beyond ±(2^53 - 1), it is that bound. */
  timestampMs = -1
  /** Set if `timestampMs` may be inexact. */
  exactTimestamp: bigint | undefined = undefined

  get offset(): bigint {
    return BigInt(this.offsetNumber)
  }

  /** The exact record timestamp: any int64. */
  get timestamp(): bigint {
    return this.exactTimestamp ?? BigInt(this.timestampMs)
  }

  /** A view of the bytes, not a copy; `value` is one too. */
  get key(): Buffer | null {
    return this.keyLength < 0 ? null : this.buffer.subarray(this.keyStart, this.keyStart + this.keyLength)
  }

  get value(): Buffer | null {
    return this.valueLength < 0 ? null : this.buffer.subarray(this.valueStart, this.valueStart + this.valueLength)
  }

  get headers(): HeadersByName {
    return readHeadersByName(this)
  }

  /** The value of the first header with this name; undefined if there is none. */
  header(name: string): Buffer | null | undefined {
    return readHeader(this, name)
  }
}

const safeMs = BigInt(Number.MAX_SAFE_INTEGER)

/** Sets any int64 timestamp. As a number it is exact, or clamped to the bound. */
export const setTimestamp = (view: RecordView, timestamp: bigint): void => {
  // Producers write deltas that overflow, as Java's long does.
  const exact = BigInt.asIntN(64, timestamp)
  view.exactTimestamp = exact
  view.timestampMs = Number(exact > safeMs ? safeMs : exact < -safeMs ? -safeMs : exact)
}
