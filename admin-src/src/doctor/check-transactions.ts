import { messageOf, SettingsError } from '@kafka-etl/common'
import { explainKafkaError, type LogRange } from '@kafka-etl/kafka'
import { readerGroupPrefix, type ConnectedContext } from '../context.js'
import { inputTopics, partitionKey } from '../topics.js'
import type { Check } from './check.js'

/** A transaction of this suite is open for milliseconds. */
const openMs = 2_000

/**
 * Whether a transaction holds back what comes after it: then the last stable offset is below the end of the log, and
 * stays where it is. Between two looks at it the topics are read, which shows that this user may.
 */
export const checkTransactions = async (context: ConnectedContext): Promise<readonly Check[]> => {
  const { admin, clock, settings } = context
  const wanted = [...inputTopics(settings), settings.outputTopic, settings.deadLetterTopic]
  const present = await admin.readPartitionCounts(wanted)
  const topics = wanted.filter((topic) => present.has(topic))
  if (topics.length === 0) return []
  const before = await admin.readLogRanges(topics)
  const startedMs = clock.monotonicMs()
  let seen: ReadonlySet<string>
  try {
    seen = await readBeyond(context, before)
  } catch (error) {
    return [judgeFailure(explainKafkaError(error))]
  }
  const held = before.filter((log) => log.stableEnd < log.end || seen.has(partitionKey(log)))
  if (held.length > 0) await clock.sleep(Math.max(0, openMs - (clock.monotonicMs() - startedMs)))
  const after = held.length > 0 ? await admin.readLogRanges(topics) : before
  const reading: Check = { name: 'reading', status: 'ok', message: `${topics.join(', ')} can be read` }
  return [reading, judge(after.filter((log) => held.some((earlier) => isSame(log, earlier))))]
}

/** A user who may not read them can be right for a service; any other failure is none of permissions. */
const judgeFailure = (error: unknown): Check => ({
  name: 'reading',
  status: error instanceof SettingsError ? 'warn' : 'fail',
  message: `cannot read the topics: ${messageOf(error)}`,
  advice: 'lag, audit and dead-letters need a user who may read all topics, such as the one who operates the broker',
})

const judge = (stuck: readonly LogRange[]): Check => {
  if (stuck.length === 0) return { name: 'transactions', status: 'ok', message: 'none holds records back' }
  const where = stuck.map(describeHeld).join(', ')
  return {
    name: 'transactions',
    status: 'warn',
    message: `one has been open for more than ${openMs / 1000} s in ${where}: nothing after it can be read`,
    advice:
      'after a crash it ends by itself within its timeout (60 s for the ETL), or when its writer is back; if it stays longer, stop its writer first, the ETL too if it is its own (aborting the transaction of a living writer loses what it wrote), then: kafka-transactions.sh find-hanging, and abort',
  }
}

const describeHeld = (log: LogRange): string =>
  `${partitionKey(log)} at offset ${log.stableEnd}${log.end > log.stableEnd ? ` (${log.end - log.stableEnd} offsets held back)` : ''}`

const isSame = (one: LogRange, other: LogRange): boolean =>
  partitionKey(one) === partitionKey(other) && one.stableEnd === other.stableEnd

/** Asks for what comes after the last stable offsets, and says where there is something. The broker refuses a user who may not read. */
const readBeyond = async (context: ConnectedContext, logs: readonly LogRange[]): Promise<ReadonlySet<string>> => {
  const seen = new Set<string>()
  await context.kafka.readRanges({
    groupPrefix: readerGroupPrefix(context),
    isolation: 'read_uncommitted',
    ranges: logs.map(({ topic, partition, stableEnd }) => ({
      topic,
      partition,
      from: stableEnd,
      to: stableEnd + 1n,
    })),
    onRecord: (range) => {
      seen.add(partitionKey(range))
    },
    stallMs: openMs,
  })
  return seen
}
