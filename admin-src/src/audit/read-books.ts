import { listRoutes, planTopology } from '@kafka-etl/pipeline'
import { isTopicDenied, type LogRange } from '@kafka-etl/kafka'
import { connectPipelineFormats } from '../connect-formats.js'
import type { ConnectedContext } from '../context.js'
import { findPositionFault, readPositions, type CommittedPosition } from '../positions.js'
import { readAll, toWholeRanges } from '../read-all.js'
import { inputTopics, outputTopics, partitionKey, requireTopics } from '../topics.js'
import { enterOutput, enterRecord } from './enter-records.js'
import { createExamples, type Examples } from './examples.js'
import type { Ledger, OutputFacts } from './ledger.js'
import { createLedgerOf } from './ledger-of-partition.js'
import { readSettledRanges } from './settled-ranges.js'
import { readStatesAtStart } from './state-at-start.js'
import { settleDoubts } from './settle-doubts.js'

/**
 * The result of reading: a ledger for each input partition, by `topic/partition`, in the order of the pipeline's
 * topics.
 */
export type Books = {
  readonly ledgers: ReadonlyMap<string, Ledger>
  /** Records of the output topics without a `source` header that leads to an input: another program wrote them. */
  readonly foreign: Examples
  /** Outputs of topics that the pipeline does not read (any more). */
  readonly otherInputs: Examples
  /** Positions of the group that are outside their logs, in sentences. */
  readonly positionFaults: readonly string[]
}

/**
 * Reads the outputs to their ends, then the inputs, and reruns their steps. It reads the group's offsets first: the
 * outputs of everything they cover are written by then, and are read once their transactions have ended. It reads the
 * inputs' ends last: no output belongs to a record beyond them.
 */
export const readBooks = async (context: ConnectedContext): Promise<Books> => {
  const { admin, pipeline } = context
  const { names } = pipeline
  const { definition, prepare } = await connectPipelineFormats(
    context,
    listRoutes(pipeline.definition).map(({ to }) => to),
  )
  const topics = inputTopics(pipeline)
  const written = outputTopics(pipeline)
  await requireTopics(admin, [...topics, ...written])
  const positions = await readPositions(admin, names.groupId, topics)
  const topicIds = await admin.readTopicIds(topics)
  const outputs = await readSettledRanges(context, written)
  const inputs = await admin.readLogRanges(topics)
  const topology = planTopology(definition, names, countPartitions([...inputs, ...outputs]))
  const compacted = await readCompacted(context, [...topics, ...written])
  const facts: OutputFacts = {
    deleted: new Set(outputs.filter(({ start }) => start > 0n).map(partitionKey)),
    compacted,
  }
  const states = await readStatesAtStart(context, inputs, positions)
  const ledgers = new Map(
    inputs.map((log) => {
      const key = partitionKey(log)
      return [key, createLedgerOf(definition, topology, facts, log, positions.get(key), states.get(key) ?? {})] as const
    }),
  )
  const books = {
    ledgers,
    foreign: createExamples(),
    otherInputs: createExamples(),
    topicIds,
    deadLetterTopic: names.deadLetterTopic,
    readTopics: new Set(topics),
    positionFaults: inputs.flatMap((log) => listPositionFault(log, positions.get(partitionKey(log)))),
  }
  await readAll(context, toWholeRanges(outputs), (range, record) => enterOutput(books, range, record))
  await readAll(context, toWholeRanges(inputs), (range, record) => enterRecord(ledgers, prepare, range, record))
  await settleDoubts(context, outputs, ledgers)
  return books
}

const countPartitions = (logs: readonly LogRange[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const { topic, partition } of logs) counts.set(topic, Math.max(counts.get(topic) ?? 0, partition + 1))
  return counts
}

const cleanupPolicy = 'cleanup.policy'

/** Empty if this user lacks the permission (DescribeConfigs). */
const readCompacted = async ({ admin }: ConnectedContext, topics: readonly string[]): Promise<ReadonlySet<string>> => {
  const settings = await admin.readTopicSettings(topics, [cleanupPolicy]).catch((error: unknown) => {
    if (isTopicDenied(error)) return undefined
    throw error
  })
  return new Set(topics.filter((topic) => settings?.get(topic)?.get(cleanupPolicy)?.includes('compact')))
}

/** Reports a position outside its log: the ETL cannot continue there with what it has not read yet. */
const listPositionFault = (log: LogRange, position: CommittedPosition | undefined): readonly string[] => {
  if (position?.offset === undefined || position.offset <= log.end) return []
  return [`${partitionKey(log)}: ${findPositionFault(log, position)?.sentence}`]
}
