import { messageOf, SettingsError } from '@kafka-etl/common'
import { explainKafkaError, type LogRange } from '@kafka-etl/kafka'
import { readerGroupPrefix, type ConnectedContext } from '../context.js'
import { inputTopics, partitionKey } from '../topics.js'
import type { Check } from './check.js'

/** A transaction of this suite is open for milliseconds. */
const openMs = 2_000

/**
 * Whether a transaction holds back what comes after it. Kafka's own client can list transactions, KafkaJS cannot; but
 * a record beyond the last stable offset is one that a transaction holds back, and it hangs where that offset stays.
 * The reading shows too that this user may read the topics.
 */
export const checkTransactions = async (context: ConnectedContext): Promise<readonly Check[]> => {
  const { admin, settings } = context
  const wanted = [...inputTopics(settings), settings.outputTopic, settings.deadLetterTopic]
  const present = await admin.readPartitionCounts(wanted)
  const topics = wanted.filter((topic) => present.has(topic))
  if (topics.length === 0) return []
  const before = await admin.readLogRanges(topics)
  let heldBack: readonly string[]
  try {
    heldBack = await findRecordsBeyond(context, before)
  } catch (error) {
    const explained = explainKafkaError(error)
    return [judgeFailure(explained)]
  }
  const after = await admin.readLogRanges(topics)
  const stuck = before.filter(
    (log) =>
      heldBack.includes(partitionKey(log)) &&
      after.some((later) => isSame(log, later) && later.stableEnd === log.stableEnd),
  )
  const reading: Check = { name: 'reading', status: 'ok', message: `${topics.join(', ')} can be read` }
  return [reading, judge(stuck)]
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
  const where = stuck.map((log) => `${partitionKey(log)} at offset ${log.stableEnd}`).join(', ')
  return {
    name: 'transactions',
    status: 'warn',
    message: `one has been open for more than ${openMs / 1000} s in ${where}: nothing after it can be read`,
    advice:
      'after a crash it ends by itself within 60 s, or when the ETL is back; if it stays longer: kafka-transactions.sh find-hanging, then abort',
  }
}

const isSame = (one: LogRange, other: LogRange): boolean => partitionKey(one) === partitionKey(other)

/** `topic/partition` of those that have a record at or after the last stable offset for the whole time. */
const findRecordsBeyond = async (context: ConnectedContext, logs: readonly LogRange[]): Promise<readonly string[]> => {
  const beyond = logs.map(({ topic, partition, stableEnd }) => ({
    topic,
    partition,
    from: stableEnd,
    to: stableEnd + 1n,
  }))
  const seen: string[] = []
  await context.kafka.readRanges({
    groupPrefix: readerGroupPrefix(context),
    isolation: 'read_uncommitted',
    ranges: beyond,
    onRecord: (range) => void seen.push(partitionKey(range)),
    stallMs: openMs,
  })
  return seen
}
