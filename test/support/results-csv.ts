import { parse, type InfoField } from 'csv-parse/sync'
import { assertSameMultiset } from './invariants.js'
import type { TopicRecord } from './oracle-records.js'

const header = 'timestamp,message,time,diff'
const valueFormat = /^\{"timestamp":(?<timestamp>-?[\d.]+),"message":(?<message>".*"),"time":(?<time>\d+),"diff":1\}$/s

/** A row of results.csv, field by field as text. */
export type ResultRow = {
  readonly timestamp: string
  readonly message: string
  readonly time: string
  readonly diff: string
}

const checkQuotes = (value: string, { records, index, quoting }: InfoField): string => {
  if (records === 0 || quoting === (index === 1)) return value
  throw new Error(
    `Expected quotes around the message only, got row ${records} of results.csv with field ${index + 1} ${value}`,
  )
}

/** Parses results.csv strictly: one header, complete rows of four fields, `\n` after each, quotes where required. */
export const parseResults = (text: string): ResultRow[] => {
  if (!text.startsWith(`${header}\n`))
    throw new Error(`Expected results.csv to start with ${header}, got ${JSON.stringify(text.slice(0, 60))}`)
  if (!text.endsWith('\n'))
    throw new Error(`Expected results.csv to end with a newline, got ${JSON.stringify(text.slice(-60))}`)
  const rows: string[][] = parse(text, { record_delimiter: '\n', cast: checkQuotes })
  return rows.slice(1).map(([timestamp = '', message = '', time = '', diff = ''], index) => {
    if (!/^-?\d+(\.\d{1,3})?$/.test(timestamp) || !/^\d+$/.test(time) || diff !== '1') {
      throw new Error(
        `Expected number,text,number,1 in row ${index + 1} of results.csv, got ${JSON.stringify([timestamp, message, time, diff])}`,
      )
    }
    return { timestamp, message, time, diff }
  })
}

/** The row that a record of the output topic must become; its timestamp stays text and is never a number. */
export const expectedRow = (record: TopicRecord): ResultRow => {
  const text = record.value?.toString('utf8') ?? ''
  const { timestamp, message, time } = valueFormat.exec(text)?.groups ?? {}
  if (timestamp === undefined || message === undefined || time === undefined) {
    throw new Error(
      `Expected {"timestamp":…,"message":…,"time":…,"diff":1} at ${record.topic}/${record.partition}/${record.offset}, got ${text.slice(0, 200)}`,
    )
  }
  return { timestamp, message: JSON.parse(message) as string, time, diff: '1' }
}

const keyOf = (row: ResultRow): string => JSON.stringify([row.timestamp, row.message, row.time, row.diff])

/**
 * I6: results.csv has a row for each committed record, once, and keeps the order of each output partition. Two records
 * with the same four fields cannot be distinguished in the file: order is checked for unique rows.
 */
export const assertResultsMatch = (text: string, unified: readonly TopicRecord[]): void => {
  const rows = parseResults(text).map(keyOf)
  const expected = unified.map((record) => ({ partition: record.partition, key: keyOf(expectedRow(record)) }))
  assertSameMultiset(
    'results.csv',
    expected.map(({ key }) => key),
    rows,
  )
  const rowOf = new Map(rows.map((key, index) => [key, index]))
  const seen = new Set<string>()
  const repeated = new Set<string>()
  for (const { key } of expected) (seen.has(key) ? repeated : seen).add(key)
  const last = new Map<number, number>()
  for (const { partition, key } of expected) {
    if (repeated.has(key)) continue
    const row = rowOf.get(key) ?? -1
    const before = last.get(partition) ?? -1
    if (row <= before)
      throw new Error(
        `Expected the order of partition ${partition} in results.csv, got row ${row + 1} (${key}) after row ${before + 1}`,
      )
    last.set(partition, row)
  }
}
