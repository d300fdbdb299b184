import {
  listRoutes,
  partitionOfSource,
  planTopology,
  type PartitionState,
  type Source,
  type Topology,
} from '@kafka-etl/pipeline'
import {
  headerNames,
  parseSource,
  readHeaders,
  type CommittedMetadata,
  type LogRange,
  type RecordHeader,
  type RecordView,
} from '@kafka-etl/kafka'
import { connectPipelineFormats, type ConnectedFormats } from '../connect-formats.js'
import type { ConnectedContext } from '../context.js'
import { findPositionFault, markedFromKey, readPositions, type CommittedPosition } from '../positions.js'
import { readAll, toWholeRanges } from '../read-all.js'
import { lastHeaderText, splitHeaders, toStoredRecord } from '../stored-record.js'
import { inputTopics, outputTopics, partitionKey, requireTopics } from '../topics.js'
import { createExamples, type Examples } from './examples.js'
import { createHandledRecords } from './handled-records.js'
import { createLedger, type Ledger, type LedgerBounds, type OutputFacts } from './ledger.js'
import { cutRecordHash, hashRecord } from './record-hash.js'
import { settleDoubts } from './settle-doubts.js'

/** All that was read: a ledger for each input partition, by `topic/partition`, in the order of the pipeline's topics. */
export type Books = {
  readonly ledgers: ReadonlyMap<string, Ledger>
  /** Records of the output topics that no `source` header leads to an input: written by somebody else. */
  readonly foreign: Examples
  /** Outputs of topics that the pipeline does not read (any more). */
  readonly otherInputs: Examples
  /** Positions of the group that are not in their logs, in sentences. */
  readonly positionFaults: readonly string[]
}

type EnteredBooks = Pick<Books, 'ledgers' | 'foreign' | 'otherInputs'> & {
  readonly topicIds: ReadonlyMap<string, string>
  readonly deadLetterTopic: string
  /** Chained topics: what others write there is an input like any other. */
  readonly readTopics: ReadonlySet<string>
}

/**
 * Reads the outputs to their ends, then the inputs, whose steps it runs again. The group's offsets are asked for first:
 * the outputs of what they say is done are written by then, and are read when their transactions have ended. The inputs'
 * ends are asked for last, so that no output's record is beyond them.
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
  const ledgers = new Map(
    inputs.map((log) => {
      const key = partitionKey(log)
      const source = sourceOf(topology, log.topic)
      const position = positions.get(key)
      const bounds = {
        ...toBounds(log, position),
        isCompacted: compacted.has(log.topic),
        deadLetters: deadLettersOf(topology, source, log),
      }
      const handled = createHandledRecords(definition, topology, source, stateAt(log, position))
      return [key, createLedger(bounds, facts, handled)] as const
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

const settleTimeoutMs = 5_000
const settlePauseMs = 50

/**
 * A transaction's offsets can be visible a moment before its outputs are: each partition gets its marker by itself. What
 * is written is waited for, unless a transaction stays open.
 */
const readSettledRanges = async (
  { admin, clock }: ConnectedContext,
  topics: readonly string[],
): Promise<readonly LogRange[]> => {
  const deadlineMs = clock.monotonicMs() + settleTimeoutMs
  const ends = new Map((await admin.readLogRanges(topics)).map((log) => [partitionKey(log), log.end]))
  for (;;) {
    const ranges = await admin.readLogRanges(topics)
    const isSettled = ranges.every((log) => log.stableEnd >= (ends.get(partitionKey(log)) ?? 0n))
    if (isSettled || clock.monotonicMs() >= deadlineMs) return ranges
    await clock.sleep(settlePauseMs)
  }
}

const countPartitions = (logs: readonly LogRange[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const { topic, partition } of logs) counts.set(topic, Math.max(counts.get(topic) ?? 0, partition + 1))
  return counts
}

const cleanupPolicy = 'cleanup.policy'

/** None if this user may not ask (DescribeConfigs). */
const readCompacted = async ({ admin }: ConnectedContext, topics: readonly string[]): Promise<ReadonlySet<string>> => {
  const settings = await admin.readTopicSettings(topics, [cleanupPolicy]).catch((error: unknown) => {
    if (error instanceof Error && 'type' in error && error.type === 'TOPIC_AUTHORIZATION_FAILED') return undefined
    throw error
  })
  return new Set(topics.filter((topic) => settings?.get(topic)?.get(cleanupPolicy)?.includes('compact')))
}

const sourceOf = ({ sources }: Topology, topic: string): Source => {
  const source = sources.find((candidate) => candidate.topic === topic)
  if (!source) throw new Error(`expected a step for ${topic}, found none`)
  return source
}

const deadLettersOf = ({ sources, deadLetters }: Topology, { index }: Source, { partition }: LogRange) => ({
  topic: deadLetters.topic,
  partition: partitionOfSource({ index, count: sources.length, partition }, deadLetters.partitions),
})

/** What is known of the records before the log's start: the header of a CSV, which is committed with the offset. */
const stateAt = ({ start }: LogRange, position: CommittedPosition | undefined): PartitionState => {
  if (start === 0n || position === undefined) return {}
  const header = readHeaderState(position.metadata)
  return header ? { format: header } : {}
}

const readHeaderState = ({ others: { header } }: CommittedMetadata): PartitionState['format'] => {
  if (typeof header !== 'object' || header === null || !('columns' in header) || !Array.isArray(header.columns)) {
    return undefined
  }
  return { columns: header.columns.map(String), offset: -1n, sha256: '' }
}

const toBounds = (
  { start }: LogRange,
  position: CommittedPosition | undefined,
): Pick<LedgerBounds, 'start' | 'committed' | 'countsUnmarked' | 'markedFrom'> => {
  const { offset, metadata } = position ?? {}
  const markedFrom = metadata?.others[markedFromKey]
  return {
    start: Number(start),
    committed: Number(offset ?? 0n),
    // Without an offset the ETL starts at the log's start, and marks what it writes if there are outputs already.
    countsUnmarked: offset !== undefined && metadata?.isMarked !== true,
    markedFrom: typeof markedFrom === 'number' ? markedFrom : 0,
  }
}

/** A position that is not in its log: what the ETL reads next cannot be what it has not read yet. */
const listPositionFault = (log: LogRange, position: CommittedPosition | undefined): readonly string[] => {
  if (position?.offset === undefined || position.offset <= log.end) return []
  return [`${partitionKey(log)}: ${findPositionFault(log, position)?.sentence}`]
}

const isCut = (headers: readonly RecordHeader[]): boolean =>
  lastHeaderText(headers, headerNames.originalSize) !== undefined

const pairsOf = (headers: readonly RecordHeader[]) => headers.map(({ key, value }) => [key, value] as const)

const enterRecord = (
  ledgers: ReadonlyMap<string, Ledger>,
  prepare: ConnectedFormats['prepare'],
  range: LogRange,
  view: RecordView,
): Promise<void> | undefined => {
  const { offset, key, value, headers } = toStoredRecord(view)
  const { topic, partition } = range
  const { timestampMs } = view
  const enter = (): void =>
    ledgers
      .get(partitionKey(range))
      ?.addRecord({ topic, partition, offset, key, value, headers: pairsOf(headers), timestampMs })
  const prepared = prepare(topic, value)
  if (prepared) return prepared.then(enter)
  enter()
  return undefined
}

const enterOutput = (books: EnteredBooks, { topic, partition }: LogRange, record: RecordView): void => {
  const { ledgers, foreign, otherInputs, topicIds, deadLetterTopic, readTopics } = books
  const { original, added } = splitHeaders(readHeaders(record))
  const source = parseSource(lastHeaderText(added, headerNames.source) ?? '')
  const place = { topic, partition, offset: record.offsetNumber }
  if (!source) {
    if (!readTopics.has(topic)) foreign.add(`${topic}/${partition}/${place.offset}`)
    return
  }
  const ledger = ledgers.get(partitionKey(source))
  if (!ledger) {
    otherInputs.add(`${topic}/${partition}/${place.offset} of ${partitionKey(source)}`)
    return
  }
  const topicId = lastHeaderText(added, headerNames.sourceTopicId)
  if (topicId !== undefined && topicId !== topicIds.get(source.topic)) {
    ledger.addEarlier()
    return
  }
  const book = topicId === undefined ? ledger.unmarked : ledger.marked
  const { key, value, timestampMs } = record
  book.add({
    source: Number(source.offset),
    place,
    index: source.index ?? 0,
    reason: topic === deadLetterTopic ? (lastHeaderText(added, headerNames.errorReason) ?? '') : undefined,
    hash: isCut(added) ? cutRecordHash : hashRecord({ key, value, headers: pairsOf(original) }),
    timestampMs,
  })
}
