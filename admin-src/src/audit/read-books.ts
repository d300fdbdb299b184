import { headerNames, parseSource, readHeaders, type LogRange, type RecordView } from '@kafka-etl/kafka'
import type { ConnectedContext } from '../context.js'
import { findPositionFault, markedFromKey, readPositions, type CommittedPosition } from '../positions.js'
import { readAll, toWholeRanges } from '../read-all.js'
import { lastHeaderText, splitHeaders } from '../stored-record.js'
import { inputTopics, partitionKey, requireTopics } from '../topics.js'
import { createExamples, type Examples } from './examples.js'
import { createLedger, type Ledger, type LedgerBounds } from './ledger.js'

/** All that was read: a ledger for each input partition, by `topic/partition`, in the order of `INPUTS`. */
export type Books = {
  readonly ledgers: ReadonlyMap<string, Ledger>
  /** Records of the output topics that no `source` header leads to an input: written by somebody else. */
  readonly foreign: Examples
  /** Outputs of topics that `INPUTS` does not have (any more). */
  readonly otherInputs: Examples
  /** Positions of the group that are not in their logs, in sentences. */
  readonly positionFaults: readonly string[]
  /** Topics of whose start something was deleted. */
  readonly deletedTopics: ReadonlySet<string>
  /** Reads what has come to the outputs since; resolves to false when nothing has. */
  readonly readOn: () => Promise<boolean>
}

type EnteredBooks = Pick<Books, 'ledgers' | 'foreign' | 'otherInputs'> & {
  readonly topicIds: ReadonlyMap<string, string>
  readonly outputTopic: string
}

/**
 * Reads inputs, outputs and dead letters to their ends. The group's offsets are asked for first and the inputs' ends
 * last, so that what is written meanwhile is no fault: an output of a record not yet committed is welcome, and no
 * output's record is beyond the inputs' ends.
 */
export const readBooks = async (context: ConnectedContext): Promise<Books> => {
  const { admin, settings } = context
  const topics = inputTopics(settings)
  const outputTopics = [settings.outputTopic, settings.deadLetterTopic]
  await requireTopics(admin, [...topics, ...outputTopics])
  const positions = await readPositions(admin, settings.groupId, topics)
  const topicIds = await admin.readTopicIds(topics)
  let outputs = await admin.readLogRanges(outputTopics)
  const inputs = await admin.readLogRanges(topics)
  const ledgers = new Map(
    inputs.map((log) => [partitionKey(log), createLedger(toBounds(log, positions.get(partitionKey(log))))]),
  )
  const books = {
    ledgers,
    foreign: createExamples(),
    otherInputs: createExamples(),
    topicIds,
    outputTopic: settings.outputTopic,
    positionFaults: inputs.flatMap((log) => listPositionFault(log, positions.get(partitionKey(log)))),
    deletedTopics: new Set(outputs.filter(({ start }) => start > 0n).map(({ topic }) => topic)),
  }
  const enter = (range: LogRange, record: RecordView): void => {
    const ledger = ledgers.get(partitionKey(range))
    if (ledger) ledger.addRecord(record.offsetNumber)
    else enterOutput(books, range, record)
  }
  await readAll(context, toWholeRanges([...inputs, ...outputs]), enter)
  return {
    ...books,
    readOn: async () => {
      const now = await admin.readLogRanges(outputTopics)
      const added = toWholeRanges(now).map((range, index) => ({
        ...range,
        from: outputs[index]?.stableEnd ?? range.start,
      }))
      outputs = now
      await readAll(context, added, (range, record) => enterOutput(books, range, record))
      return added.some(({ from, to }) => from < to)
    },
  }
}

const toBounds = ({ start }: LogRange, position: CommittedPosition | undefined): LedgerBounds => {
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

const enterOutput = (
  { ledgers, foreign, otherInputs, topicIds, outputTopic }: EnteredBooks,
  { topic, partition }: LogRange,
  record: RecordView,
): void => {
  const { added } = splitHeaders(readHeaders(record))
  const source = parseSource(lastHeaderText(added, headerNames.source) ?? '')
  const offset = String(record.offsetNumber)
  const place = { topic, partition, offset }
  if (!source) {
    foreign.add(`${topic}/${partition}/${offset}`)
    return
  }
  const ledger = ledgers.get(partitionKey(source))
  if (!ledger) {
    otherInputs.add(`${topic}/${partition}/${offset} of ${partitionKey(source)}`)
    return
  }
  const topicId = lastHeaderText(added, headerNames.sourceTopicId)
  if (topicId !== undefined && topicId !== topicIds.get(source.topic)) {
    ledger.addEarlier()
    return
  }
  const book = topicId === undefined ? ledger : ledger.marked
  if (topic === outputTopic) book.addOutput(Number(source.offset), place)
  else book.addDeadLetter(Number(source.offset), place)
}
