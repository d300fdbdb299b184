import { CorruptBytesError } from './corrupt-records.js'
import { setTimestamp, type RecordView } from './record-view.js'
import type { Cursor } from './varint.js'

/**
 * The size of a message's prefix in the formats v0 and v1, which logs from before Kafka 0.11 contain. A message is:
 * offset and length; then CRC-32, format, attributes, the timestamp in v1, key and value with int32 lengths.
 */
export const messagePrefixBytes = 12
const magicFrom = 16

/** The size of a message up to its key length. */
export const messageHeadBytes = (magic: number): number => (magic === 1 ? 26 : 18)

/**
 * Sets the view to the message at the cursor and moves the cursor behind it. Adds `baseOffset` to the message's offset.
 */
export const readMessage = (
  view: RecordView,
  cursor: Cursor,
  limit: number,
  baseOffset: number,
  logAppendTime: bigint | undefined,
): void => {
  const { buffer, at: start } = cursor
  if (start + magicFrom >= limit)
    throw new CorruptBytesError(`expected a message, got its first ${limit - start} bytes`)
  const end = start + messagePrefixBytes + buffer.readInt32BE(start + 8)
  const magic = buffer[start + magicFrom] ?? 0
  const keyAt = start + messageHeadBytes(magic)
  if (magic > 1 || end > limit || keyAt + 8 > end)
    throw new CorruptBytesError(`expected a whole message of format 0 or 1, got format ${magic}`)
  view.offsetNumber = baseOffset + Number(buffer.readBigInt64BE(start))
  setTimestamp(view, logAppendTime ?? (magic === 1 ? buffer.readBigInt64BE(start + 18) : -1n))
  view.keyLength = buffer.readInt32BE(keyAt)
  view.keyStart = keyAt + 4
  const valueAt = view.keyStart + Math.max(0, view.keyLength)
  if (valueAt + 4 > end)
    throw new CorruptBytesError(`expected a key within the message, got one of ${view.keyLength} bytes`)
  view.valueLength = buffer.readInt32BE(valueAt)
  view.valueStart = valueAt + 4
  if (view.valueStart + Math.max(0, view.valueLength) > end) {
    throw new CorruptBytesError(`expected a value within the message, got one of ${view.valueLength} bytes`)
  }
  // There are no headers: the first byte of the offset is 0, which reads as a header count of 0.
  view.headersStart = start
  view.headersEnd = start + 1
  cursor.at = end
}
