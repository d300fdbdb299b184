import {
  headerNames,
  parseSource,
  readHeaders,
  type LogRange,
  type RecordHeader,
  type RecordView,
} from '@kafka-etl/kafka'
import type { ConnectedFormats } from '../connect-formats.js'
import { lastHeaderText, splitHeaders, toStoredRecord } from '../stored-record.js'
import { partitionKey } from '../topics.js'
import type { Examples } from './examples.js'
import type { Ledger } from './ledger.js'
import { cutRecordHash, hashRecord } from './record-hash.js'

/** The books to which the outputs are assigned. */
export type EnteredBooks = {
  readonly ledgers: ReadonlyMap<string, Ledger>
  readonly foreign: Examples
  readonly otherInputs: Examples
  readonly topicIds: ReadonlyMap<string, string>
  readonly deadLetterTopic: string
  /** Chained topics: a record of another writer there is an ordinary input. */
  readonly readTopics: ReadonlySet<string>
}

const isCut = (headers: readonly RecordHeader[]): boolean =>
  lastHeaderText(headers, headerNames.originalSize) !== undefined

const pairsOf = (headers: readonly RecordHeader[]) => headers.map(({ key, value }) => [key, value] as const)

/** Enters a record of an input into the ledger of its partition. */
export const enterRecord = (
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
  const prepared = prepare(topic, value, key)
  if (prepared) return prepared.then(enter)
  enter()
  return undefined
}

/** Enters an output or a dead letter into the ledger of its input partition, which its `source` names. */
export const enterOutput = (books: EnteredBooks, { topic, partition }: LogRange, record: RecordView): void => {
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
