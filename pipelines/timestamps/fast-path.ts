import { writeDigits, writeInteger } from '@kafka-etl/common'
import { outputRoomBytes, type WriteFast } from '@kafka-etl/pipeline'
import type { NormalizeRules } from './normalize.js'
import { readPlainDate, secondsOfNoDate } from './plain-date.js'
import { bytesOf, holds, plainLayoutAt, plainTail } from './plain-log.js'
import { isPlain } from './printable-ascii.js'

const outputHead = bytesOf('{"timestamp":')
const outputMiddle = bytesOf(',"message":"')
const outputTime = bytesOf('","time":')
const outputTail = bytesOf(',"diff":1}')

const dateLength = '2024-02-05 10:01:52.884548 -0500'.length

/**
 * The same transformation as `normalize`, from bytes to bytes, for records of the usual shape: only the two fields, in
 * order, a date since 1970 with the offset of its zone, a message of printable ASCII without escapes. It leaves
 * everything else, including invalid records, to `normalize`.
 */
export const createWriteNormalized =
  ({ offsetAt, zoneCheck }: Pick<NormalizeRules, 'offsetAt' | 'zoneCheck'>): WriteFast =>
  (value, start, end, room, handledAtMs) => {
    const target = room.bytes
    const { head, middle } = plainLayoutAt(value, start)
    const dateAt = start + head.length
    const messageAt = dateAt + dateLength + middle.length
    const messageEnd = end - plainTail.length
    if (messageEnd < messageAt || target.length < end - start + outputRoomBytes) return -1
    if (
      !holds(value, start, head) ||
      !holds(value, dateAt + dateLength, middle) ||
      !holds(value, messageEnd, plainTail)
    ) {
      return -1
    }
    const { epochSeconds, micros, offsetSeconds } = readPlainDate(value, dateAt)
    if (epochSeconds === secondsOfNoDate || epochSeconds < 0) return -1
    if (zoneCheck !== 'off' && offsetAt(epochSeconds) !== offsetSeconds) return -1
    let next = writeTimestamp(target, put(target, 0, outputHead), epochSeconds, micros)
    next = copyPlainText(value, messageAt, messageEnd, target, put(target, next, outputMiddle))
    if (next < 0 || !(Number.isSafeInteger(handledAtMs) && handledAtMs >= 0)) return -1
    next = writeInteger(target, put(target, next, outputTime), handledAtMs)
    const msOfSecond = (micros / 1000) | 0
    room.eventTimeMs = epochSeconds * 1000 + msOfSecond + (micros - msOfSecond * 1000) / 1000
    return put(target, next, outputTail)
  }

const put = (target: Uint8Array, at: number, bytes: Uint8Array): number => {
  for (let index = 0; index < bytes.length; index++) target[at + index] = bytes[index] ?? 0
  return at + bytes.length
}

/** Milliseconds with a fraction of at most three digits, without trailing zeros. */
const writeTimestamp = (target: Uint8Array, at: number, epochSeconds: number, micros: number): number => {
  const msOfSecond = (micros / 1000) | 0
  const microsOfMs = micros - msOfSecond * 1000
  let next = writeInteger(target, at, epochSeconds * 1000 + msOfSecond)
  if (microsOfMs === 0) return next
  target[next] = 0x2e
  next = writeDigits(target, next + 1, microsOfMs, 3)
  while (target[next - 1] === 0x30) next--
  return next
}

/** Copies text that JSON prints unescaped; -1 if it contains anything else. */
const copyPlainText = (value: Uint8Array, from: number, to: number, target: Uint8Array, at: number): number => {
  let next = at
  for (let index = from; index < to; index++) {
    const byte = value[index] ?? 0
    if (!isPlain(byte)) return -1
    target[next++] = byte
  }
  return next
}
