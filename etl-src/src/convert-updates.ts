import type { RecordView } from '@kafka-etl/kafka'
import { convertRecord, findTooLarge, type Conversion, type Rejection } from './convert-record.js'

/** Why whole updates are rejected, by their number in the batch. */
export type FailedUpdates = ReadonlyMap<number, Rejection>

export type ConvertUpdates = {
  /** Returns the reason if a record becomes a dead letter. Call it for each record of complete updates, in order. */
  readonly convertOne: (record: RecordView, conversion: Conversion) => Rejection | undefined
  /**
   * Updates that their step rejected, or with an output that is too large. What was added for them must not be written.
   */
  readonly failed: FailedUpdates
}

/** Converts the records of updates. Updates in `setAside` produce no output, and each of their rows is rejected. */
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

/** The step runs nevertheless: later records depend on what it has seen, and a row may be invalid itself. */
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
