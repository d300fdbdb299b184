import { assertSameMultiset } from './invariants.js'
import { expectedRow } from './results-csv.js'
import { sourceOf, coordinatesOf } from './expected-records.js'
import type { Oracle } from './oracle.js'
import type { TopicRecord } from './oracle-records.js'
import { waitFor } from './wait-for.js'

/** I4: the group's committed offset is the end of each input partition. */
export const assertGroupAtEnd = async (oracle: Oracle, group: string, topics: readonly string[]): Promise<void> => {
  const committed = new Map(
    (await oracle.groupOffsets(group)).map(({ topic, partition, offset }) => [`${topic}/${partition}`, offset]),
  )
  const behind: string[] = []
  for (const topic of topics) {
    for (const { partition, earliest, lastStable } of await oracle.offsets(topic)) {
      const offset = committed.get(`${topic}/${partition}`) ?? earliest
      if (offset !== lastStable) behind.push(`${topic}/${partition} at ${offset} of ${lastStable}`)
    }
  }
  if (behind.length > 0) throw new Error(`Expected group ${group} at the end of its inputs, got ${behind.join(', ')}`)
}

/** Whether I4 holds: a test waits for this before it checks the rest. */
export const isGroupAtEnd = async (oracle: Oracle, group: string, topics: readonly string[]): Promise<true> => {
  await assertGroupAtEnd(oracle, group, topics)
  return true
}

const findOpen = async (oracle: Oracle, topics: readonly string[]): Promise<string[]> => {
  const open: string[] = []
  for (const topic of topics) {
    for (const transaction of await oracle.openTransactions(topic)) open.push(`${topic} ${JSON.stringify(transaction)}`)
    for (const { partition, lastStable, highWatermark } of await oracle.offsets(topic)) {
      if (lastStable !== highWatermark)
        open.push(`${topic}/${partition} stable up to ${lastStable} of ${highWatermark}`)
    }
  }
  return open
}

/**
 * I5: no partition has an open transaction, and the last stable offset is the high watermark. A commit is acknowledged
 * before its markers are written: an open transaction has `deadlineMs` (5,000) to end.
 */
export const assertNothingHangs = async (
  oracle: Oracle,
  topics: readonly string[],
  deadlineMs = 5_000,
): Promise<void> => {
  const settle = async (): Promise<true> => {
    const open = await findOpen(oracle, topics)
    if (open.length > 0) throw new Error(`open: ${open.join(', ')}`)
    return true
  }
  await waitFor(settle, { what: 'every transaction to end', deadlineMs })
}

/** I2: each output's timestamp is java.time's result for its input's date, and its message is the input's. */
export const assertEventTimes = async (
  oracle: Oracle,
  inputs: readonly TopicRecord[],
  unified: readonly TopicRecord[],
): Promise<void> => {
  const logs = new Map(inputs.map((record) => [coordinatesOf(record), record.value?.toString('utf8') ?? '']))
  const pairs = unified.map((record) => {
    const source = sourceOf(record)
    return {
      source,
      log: JSON.parse(logs.get(source) ?? 'null') as { date: string; message: string },
      row: expectedRow(record),
    }
  })
  const expected = await oracle.eventTimes(pairs.map(({ log }) => log.date))
  assertSameMultiset(
    'the event times',
    pairs.map(({ source, log }, index) => `${source}: ${expected[index]} ${log.message}`),
    pairs.map(({ source, row }) => `${source}: ${row.timestamp} ${row.message}`),
  )
}
