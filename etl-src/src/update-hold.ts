import { SettingsError } from '@kafka-etl/common'
import { createHeldRecords, type RecordView, type RecordViews } from '@kafka-etl/kafka'

/** Records after which a transaction may end: all of them belong to updates that have ended. */
export type EndedUpdates = { readonly records: RecordViews; readonly nextOffset: bigint }

/** The records of one input partition since its last transaction. */
export type UpdateHold = {
  /**
   * Adds the records of a chunk; reading continues at `nextOffset` after them. Throws a {@link SettingsError} if the
   * unfinished update grows too large.
   */
  readonly add: (records: RecordViews, nextOffset: bigint) => void
  /** The updates that have ended; undefined: none has. Valid until `forgetEnded`. */
  readonly ended: () => EndedUpdates | undefined
  readonly forgetEnded: () => void
  /** How many records wait for their update to end. */
  readonly unfinished: () => number
}

export type UpdateHoldOptions = {
  /** The input partition, for the error. */
  readonly where: string
  /** What ends an update, for the error. */
  readonly endText: string
  readonly endsUpdate: (record: RecordView) => boolean
  /** The limit for the keys and values of one update, as received (`ETL_UPDATE_MAX_BYTES`). */
  readonly maxBytes: number
}

export const createUpdateHold = ({ where, endText, endsUpdate, maxBytes }: UpdateHoldOptions): UpdateHold => {
  let held = createHeldRecords()
  let endedCount = 0
  let endedOffset = 0n
  let firstOffset = 0n
  let bytes = 0

  const addOne = (record: RecordView): void => {
    if (held.length() === endedCount) firstOffset = record.offset
    held.add(record)
    if (endsUpdate(record)) {
      endedCount = held.length()
      endedOffset = record.offset + 1n
      bytes = 0
      return
    }
    bytes += bytesOf(record)
    if (bytes <= maxBytes) return
    throw new SettingsError(
      `${where}: expected an update of at most ${maxBytes} bytes, got a larger one from offset ${firstOffset} on, and no ${endText} yet; raise ETL_UPDATE_MAX_BYTES`,
    )
  }

  return {
    add: (records, nextOffset) => {
      records.forEach(addOne)
      // After the end of an update there may be offsets without records.
      if (endedCount === held.length()) endedOffset = nextOffset
    },
    ended: () => (endedCount === 0 ? undefined : { records: held.first(endedCount), nextOffset: endedOffset }),
    forgetEnded: () => {
      held = held.without(endedCount)
      endedCount = 0
    },
    unfinished: () => held.length() - endedCount,
  }
}

const bytesOf = ({ keyLength, missingKeyBytes, valueLength, missingValueBytes }: RecordView): number =>
  Math.max(0, keyLength) + missingKeyBytes + Math.max(0, valueLength) + missingValueBytes
