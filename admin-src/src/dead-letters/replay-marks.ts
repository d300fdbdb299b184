import type { ConnectedContext } from '../context.js'
import { readAll, toWholeRanges } from '../read-all.js'

/** The topic with a mark for each letter that was replayed. */
export const marksTopic = ({ deadLetterTopic }: { readonly deadLetterTopic: string }): string =>
  `${deadLetterTopic}_replays`

/** What was replayed so far. */
export type ReplayMarks = {
  readonly has: (mark: string) => boolean
  /** Whether a letter at these coordinates (`0/17`) was replayed. */
  readonly hasLetter: (coordinates: string) => boolean
  readonly add: (mark: string) => void
}

/** A mark begins with the coordinates of its letter, and a blank. */
export const createReplayMarks = (known: readonly string[] = []): ReplayMarks => {
  const marks = new Set<string>()
  const letters = new Set<string>()
  const add = (mark: string): void => {
    marks.add(mark)
    letters.add(mark.slice(0, mark.indexOf(' ')))
  }
  known.forEach(add)
  return { has: (mark) => marks.has(mark), hasLetter: (coordinates) => letters.has(coordinates), add }
}

/** Creates the topic of the marks if it is missing: one partition, compacted, so that no mark is ever deleted. */
export const ensureMarksTopic = async ({ admin, settings, logger }: ConnectedContext): Promise<void> => {
  const topic = marksTopic(settings)
  if ((await admin.readPartitionCounts([topic])).has(topic)) return
  const isCreated = await admin.createTopics([{ topic, partitions: 1, settings: { 'cleanup.policy': 'compact' } }])
  if (isCreated) logger.info({ topic }, 'created the topic of the replay marks')
}

/** The marks of all replays so far; none if there was no replay yet. */
export const readMarks = async (context: ConnectedContext): Promise<ReplayMarks> => {
  const { admin, settings } = context
  const topic = marksTopic(settings)
  const marks = createReplayMarks()
  if (!(await admin.readPartitionCounts([topic])).has(topic)) return marks
  await readAll(context, toWholeRanges(await admin.readLogRanges([topic])), (_range, { key }) => {
    if (key) marks.add(key.toString())
  })
  return marks
}
