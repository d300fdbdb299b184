import type { ConnectedContext } from '../context.js'
import { readAll, toWholeRanges } from '../read-all.js'
import { toStoredRecord } from '../stored-record.js'
import { parseLetter, type DeadLetter } from './letter.js'

/** How many bytes of a letter's value are kept. A longer one, which only a compressed batch can hold, counts as cut. */
export const longestLetterBytes = 67_108_864

/** Reads the dead letters that exist now, in the order of each partition. */
export const readLetters = async (
  context: ConnectedContext,
  onLetter: (letter: DeadLetter) => Promise<void> | void,
): Promise<void> => {
  const { admin, settings } = context
  const ranges = toWholeRanges(await admin.readLogRanges([settings.deadLetterTopic]))
  await readAll(
    context,
    ranges,
    ({ topic, partition }, record) => onLetter(parseLetter(topic, partition, toStoredRecord(record))),
    longestLetterBytes,
  )
}
