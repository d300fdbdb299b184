import { headerNames, parseSource, type LogRange, type RecordView } from '@kafka-etl/kafka'
import type { ConnectedContext } from '../context.js'
import { readPositions } from '../positions.js'
import { readAll, toWholeRanges } from '../read-all.js'
import { lastHeaderText, readHeaders } from '../stored-record.js'
import { inputTopics, partitionKey, requireTopics } from '../topics.js'
import { createExamples, type Examples } from './examples.js'
import { createLedger, type Ledger } from './ledger.js'

/** All that was read: a ledger for each input partition, by `topic/partition`, in the order of `INPUTS`. */
export type Books = {
  readonly ledgers: ReadonlyMap<string, Ledger>
  /** Records of the output topics that no `source` header leads to an input: written by somebody else. */
  readonly foreign: Examples
  /** Outputs of topics that `INPUTS` does not have (any more). */
  readonly otherInputs: Examples
  /** Topics of whose start something was deleted. */
  readonly deletedTopics: ReadonlySet<string>
  /** Reads what has come to the outputs since; resolves to false when nothing has. */
  readonly readOn: () => Promise<boolean>
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
  const committed = await readPositions(admin, settings.groupId, topics)
  let outputs = await admin.readLogRanges(outputTopics)
  const inputs = await admin.readLogRanges(topics)
  const ledgers = new Map(
    inputs.map((log) => [
      partitionKey(log),
      createLedger({ start: Number(log.start), committed: Number(committed.get(partitionKey(log)) ?? 0n) }),
    ]),
  )
  const books = {
    ledgers,
    foreign: createExamples(),
    otherInputs: createExamples(),
    deletedTopics: new Set(outputs.filter(({ start }) => start > 0n).map(({ topic }) => topic)),
  }
  const enter = (range: LogRange, record: RecordView): void => {
    const ledger = ledgers.get(partitionKey(range))
    if (ledger) ledger.addRecord(record.offsetNumber)
    else enterOutput(books, settings.outputTopic, range, record)
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
      await readAll(context, added, (range, record) => enterOutput(books, settings.outputTopic, range, record))
      return added.some(({ from, to }) => from < to)
    },
  }
}

const enterOutput = (
  { ledgers, foreign, otherInputs }: Pick<Books, 'ledgers' | 'foreign' | 'otherInputs'>,
  outputTopic: string,
  { topic, partition }: LogRange,
  record: RecordView,
): void => {
  // Of several headers of a name the last one counts.
  const source = parseSource(lastHeaderText(readHeaders(record), headerNames.source) ?? '')
  const offset = String(record.offsetNumber)
  if (!source) {
    foreign.add(`${topic}/${partition}/${offset}`)
    return
  }
  const ledger = ledgers.get(partitionKey(source))
  if (!ledger) otherInputs.add(`${topic}/${partition}/${offset} of ${partitionKey(source)}`)
  else if (topic === outputTopic) ledger.addOutput(Number(source.offset), { topic, partition, offset })
  else ledger.addDeadLetter(Number(source.offset), { topic, partition, offset })
}
