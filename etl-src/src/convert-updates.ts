import type { RecordView } from '@kafka-etl/kafka'
import { convertRecord, findTooLarge, type Conversion, type Rejection } from './convert-record.js'

/** Why whole updates are rejected, by their number in the batch. */
export type FailedUpdates = ReadonlyMap<number, Rejection>

export type ConvertUpdates = {
  /** Says why a record becomes a dead letter. To be called for each record of whole updates, in order. */
  readonly convertOne: (record: RecordView, conversion: Conversion) => Rejection | undefined
  /** Updates whose step rejected them, or of which an output is too large: what was added of them must not be written. */
  readonly failed: FailedUpdates
}

/** Converts the records of updates. Updates in `setAside` make no output, and each of their rows is rejected. */
export const createConvertUpdates = (
  isCommit: (value: Buffer | null) => boolean,
  setAside: FailedUpdates,
): ConvertUpdates => {
  const failed = new Map<number, Rejection>()
  let update = 0
  const convertOne = (record: RecordView, conversion: Conversion): Rejection | undefined => {
    const number = update
    const isEnd = record.missingValueBytes === 0 && isCommit(record.value)
    if (isEnd) update++
    const whole = setAside.get(number)
    if (whole) return rejectRow(record, conversion, whole, isEnd)
    const rejection = convertRecord(record, conversion)
    if (rejection === undefined || (!isEnd && rejection.isOfOutput !== true)) return rejection
    if (!failed.has(number)) failed.set(number, rejection)
    return undefined
  }
  return { convertOne, failed }
}

/** The step runs all the same: later records depend on what it has seen, and a row may be invalid itself. */
const rejectRow = (
  record: RecordView,
  conversion: Conversion,
  whole: Rejection,
  isEnd: boolean,
): Rejection | undefined => {
  const tooLarge = findTooLarge(record, conversion)
  if (tooLarge) return tooLarge
  const outcome = conversion.runStep(record)
  if (isEnd || (outcome.kind === 'made' && outcome.isEmpty === true)) return undefined
  return outcome.kind === 'rejected' ? outcome : whole
}
