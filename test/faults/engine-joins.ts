import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Oracle } from '../support/oracle.js'
import type { NewRecord, TopicRecord } from '../support/oracle-records.js'
import { repositoryRoot } from '../support/repository.js'

const folder = join(repositoryRoot, 'pipelines', 'joins')

/** The SQL files of the joins pipeline, by name. */
export const joinSqlOf = (parallelism: number): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ['table-table.sql', 'stream-table.sql', 'stream-stream.sql'].map((name) => [
      name,
      readFileSync(join(folder, name), 'utf8').replace('${JOINS_PARALLELISM:-1}', String(parallelism)),
    ]),
  )

/** The topics that the pipeline's steps write, and Flink reads. */
export const joinTopics = ['tt', 'st', 'ss'].flatMap((name) => [`${name}_left_valid`, `${name}_right_valid`])

/**
 * What ksqlDB produces from the sample: https://docs.ksqldb.io/en/latest/developer-guide/joins/join-streams-and-tables/
 */
export const expectedJoins = {
  tt_joined: ['1:one+two', '1:one+three', '1:four+three', '2:five+six', '2:five+seven', '2:eight+seven', '1:deleted'],
  st_joined: ['1:three+two', '1:four+two', '2:six+five'],
  ss_joined: ['1:one+two', '1:one+three', '1:four+two', '1:four+three', '2:five+six', '2:seven+eight'],
}

type Line = {
  readonly topic: string
  readonly key: string
  readonly value: object | null
  readonly timestampMs?: number
  readonly afterMs?: number
}

/**
 * Writes the sample as the steps would: each record is acknowledged before the next, with its event time as a header.
 */
export const writeJoinInputs = async (oracle: Oracle): Promise<void> => {
  const lines = readFileSync(join(folder, 'sample.jsonl'), 'utf8').trim().split('\n')
  for (const line of lines) {
    const { topic, key, value, timestampMs = Date.now(), afterMs = 0 } = JSON.parse(line) as Line
    await sleep(afterMs)
    const record: NewRecord = {
      topic: `${topic.replace(/(Left|Right)/, (side) => `_${side.toLowerCase()}`)}_valid`,
      key,
      value: value === null ? null : JSON.stringify(value),
      headers: [{ name: 'event_time', value: String(timestampMs) }],
    }
    await oracle.write([record])
  }
}

/** `1:one+two`, or `1:deleted` for a tombstone. */
export const describeJoined = ({ key, value }: TopicRecord): string => {
  if (value === null) return `${String(key)}:deleted`
  const { b, d } = JSON.parse(String(value)) as { b: string; d: string }
  return `${String(key)}:${b}+${d}`
}
