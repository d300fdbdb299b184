import { messageOf, printable, SettingsError } from '@kafka-etl/common'
import { explainKafkaError, type KafkaAdmin, type LogRange, type OpenTransaction } from '@kafka-etl/kafka'
import { readerGroupPrefix, type ConnectedContext } from '../context.js'
import { formatDate } from '../format-date.js'
import { allTopics, partitionKey } from '../topics.js'
import type { Check } from './check.js'

/** A transaction of this suite is open only for milliseconds. */
const openMs = 2_000

/**
 * Whether a transaction holds back later records: then the last stable offset is before the end of the log and does not
 * move. Between two reads of it, this reads the topics, which shows that this user may.
 */
export const checkTransactions = async (context: ConnectedContext): Promise<readonly Check[]> => {
  const { admin, clock, pipeline } = context
  const wanted = allTopics(pipeline)
  const present = await admin.readPartitionCounts(wanted)
  const topics = wanted.filter((topic) => present.has(topic))
  if (topics.length === 0) return []
  const before = await admin.readLogRanges(topics)
  const startedMs = clock.monotonicMs()
  try {
    await readBeyond(context, before)
  } catch (error) {
    return [judgeFailure(explainKafkaError(error))]
  }
  const reading: Check = { name: 'reading', status: 'ok', message: `${topics.join(', ')} can be read` }
  const held = before.filter(({ stableEnd, end }) => stableEnd < end)
  if (held.length === 0) return [reading, judge([], [])]
  await clock.sleep(Math.max(0, openMs - (clock.monotonicMs() - startedMs)))
  const after = await admin.readLogRanges(topics)
  const stuck = after.filter((log) => held.some((earlier) => isSame(log, earlier)))
  return [reading, judge(stuck, await readOpenTransactions(admin, topics))]
}

/** Returns none on brokers before Kafka 3.0, and for a user without the permission: the writer is unknown then. */
const readOpenTransactions = (admin: KafkaAdmin, topics: readonly string[]): Promise<readonly OpenTransaction[]> =>
  admin.readOpenTransactions(topics).catch(() => [])

/** A user of a service may rightly lack the permission to read them; any other failure is unrelated to permissions. */
const judgeFailure = (error: unknown): Check => ({
  name: 'reading',
  status: error instanceof SettingsError ? 'warn' : 'fail',
  message: `cannot read the topics: ${messageOf(error)}`,
  advice: 'lag, audit and dead-letters need a user who may read all topics, such as the one who operates the broker',
})

const judge = (stuck: readonly LogRange[], open: readonly OpenTransaction[]): Check => {
  const [first] = stuck
  if (first === undefined) return { name: 'transactions', status: 'ok', message: 'none holds records back' }
  const where = stuck.map((log) => describeHeld(log, open)).join(', ')
  const abort = `kafka-transactions.sh abort --topic ${first.topic} --partition ${first.partition} --start-offset ${first.stableEnd}`
  return {
    name: 'transactions',
    status: 'warn',
    message: `one has been open for more than ${openMs / 1000} s in ${where}: nothing after it can be read`,
    advice: `after a crash it ends by itself within its timeout (60 s for the ETL), or when its writer is back; if it stays longer, stop its writer first, the ETL too if it is its own (a writer whose transaction is aborted from outside loses what it wrote, and may not notice), then: ${abort}`,
  }
}

const describeHeld = (log: LogRange, open: readonly OpenTransaction[]): string => {
  const holder = open.find((one) => partitionKey(one) === partitionKey(log) && one.startOffset === log.stableEnd)
  const who = holder === undefined ? '' : `, by ${describeHolder(holder)}`
  return `${partitionKey(log)} at offset ${log.stableEnd} (${log.end - log.stableEnd} offsets held back${who})`
}

/** If no coordinator knows the id any more, nobody will end the transaction. */
const describeHolder = ({ transactionalId, producerId, lastTimestampMs }: OpenTransaction): string => {
  const id =
    transactionalId === undefined ? 'no known transactional id' : `transactional id ${printable(transactionalId)}`
  return `${id}, producer ${producerId}, last written ${formatDate(lastTimestampMs)}`
}

const isSame = (one: LogRange, other: LogRange): boolean =>
  partitionKey(one) === partitionKey(other) && one.stableEnd === other.stableEnd

/** Fetches after the ends: there is nothing, but the broker refuses a user who may not read. */
const readBeyond = async (context: ConnectedContext, logs: readonly LogRange[]): Promise<void> => {
  await context.kafka.readRanges({
    groupPrefix: readerGroupPrefix(context),
    isolation: 'read_uncommitted',
    ranges: logs.map(({ topic, partition, end }) => ({ topic, partition, from: end, to: end + 1n })),
    onRecord: () => undefined,
    stallMs: openMs,
  })
}
