import type { ConnectedContext } from '../context.js'
import { readLogRanges } from '../log-range.js'
import { readAll } from '../read-all.js'
import { parseLetter, type DeadLetter } from './letter.js'

/** Reads the dead letters that are there now, in the order of each partition. */
export const readLetters = async (
  context: ConnectedContext,
  onLetter: (letter: DeadLetter) => Promise<void> | void,
): Promise<void> => {
  const { admin, settings } = context
  const logs = await readLogRanges(admin, [settings.deadLetterTopic])
  const ranges = logs.map(({ topic, partition, start, end }) => ({ topic, partition, from: start, to: end }))
  await readAll(context, ranges, ({ topic, partition }, record) => onLetter(parseLetter(topic, partition, record)))
}
