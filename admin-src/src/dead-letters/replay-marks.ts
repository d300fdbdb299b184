import type { ConnectedContext } from '../context.js'
import { readPartitionCounts } from '@kafka-etl/kafka'
import { readLogRanges } from '../log-range.js'
import { readAll } from '../read-all.js'

/** The topic that holds a mark for each letter that was replayed. */
export const marksTopic = ({ deadLetterTopic }: { readonly deadLetterTopic: string }): string =>
  `${deadLetterTopic}_replays`

/** Creates the topic of the marks where it is missing: one partition, compacted, so that no mark is ever deleted. */
export const ensureMarksTopic = async ({ admin, settings, logger }: ConnectedContext): Promise<void> => {
  const topic = marksTopic(settings)
  if ((await readPartitionCounts(admin, [topic])).has(topic)) return
  const configEntries = [{ name: 'cleanup.policy', value: 'compact' }]
  const isCreated = await admin.createTopics({
    topics: [{ topic, numPartitions: 1, replicationFactor: -1, configEntries }],
    waitForLeaders: true,
  })
  if (isCreated) logger.info({ topic }, 'created the topic of the replay marks')
}

/** The marks of every replay so far; none when there was no replay yet. */
export const readMarks = async (context: ConnectedContext): Promise<Set<string>> => {
  const { admin, settings } = context
  const topic = marksTopic(settings)
  const marks = new Set<string>()
  if (!(await readPartitionCounts(admin, [topic])).has(topic)) return marks
  const logs = await readLogRanges(admin, [topic])
  const ranges = logs.map(({ partition, start, end }) => ({ topic, partition, from: start, to: end }))
  await readAll(context, ranges, (_range, { key }) => {
    if (key) marks.add(key.toString())
  })
  return marks
}
