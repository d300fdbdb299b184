import { readHeader, readHeadersByName, type HeadersByName } from './headers.js'

/** A transactional producer: its id, and how many came before it with the same transactional id. */
export type TransactionalWriter = { readonly producerId: bigint; readonly producerEpoch: number }

/**
 * One record, by where its parts stand in `buffer`. The same view moves from record to record: what is to stay has to
 * be copied. Its fields are for code that runs for each of millions; `key`, `value` and `header` are for the rest.
 */
export class RecordView {
  buffer: Buffer = Buffer.alloc(0)
  keyStart = 0
  /** In bytes; -1: the key is null. */
  keyLength = -1
  valueStart = 0
  /** In bytes; -1: the value is null, a tombstone. */
  valueLength = -1
  /** Where the headers stand, their number first, as format v2 has them. */
  headersStart = 0
  headersEnd = 0
  /** Bytes of the value that were cut off when it was decompressed, being more than any output may have; mostly 0. */
  missingValueBytes = 0
  missingKeyBytes = 0
  /** Headers that are too large are left out whole: then `headersStart` tells of none. */
  missingHeadersBytes = 0
  /** Who wrote the record, if it was in a transaction; the same object for all records of a batch. */
  writer: TransactionalWriter | undefined = undefined
  offsetNumber = 0
  /** Kafka's record timestamp, epoch ms, -1 for none; where `timestamp` is beyond ±(2^53 - 1), that bound. */
  timestampMs = -1
  /** Set where `timestampMs` may not be exact. */
  exactTimestamp: bigint | undefined = undefined

  get offset(): bigint {
    return BigInt(this.offsetNumber)
  }

  /** The record timestamp, exact: any int64. */
  get timestamp(): bigint {
    return this.exactTimestamp ?? BigInt(this.timestampMs)
  }

  /** A view of the bytes, not a copy; so is `value`. */
  get key(): Buffer | null {
    return this.keyLength < 0 ? null : this.buffer.subarray(this.keyStart, this.keyStart + this.keyLength)
  }

  get value(): Buffer | null {
    return this.valueLength < 0 ? null : this.buffer.subarray(this.valueStart, this.valueStart + this.valueLength)
  }

  get headers(): HeadersByName {
    return readHeadersByName(this)
  }

  /** The value of the first header of that name; undefined if there is none. */
  header(name: string): Buffer | null | undefined {
    return readHeader(this, name)
  }
}

const safeMs = BigInt(Number.MAX_SAFE_INTEGER)

/** A timestamp of any int64; as a number it is exact, or the bound that it is beyond. */
export const setTimestamp = (view: RecordView, timestamp: bigint): void => {
  // Producers write deltas that wrap around, as Java's long does.
  const exact = BigInt.asIntN(64, timestamp)
  view.exactTimestamp = exact
  view.timestampMs = Number(exact > safeMs ? safeMs : exact < -safeMs ? -safeMs : exact)
}
