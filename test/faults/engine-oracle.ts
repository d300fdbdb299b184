import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { NewRecord, TopicRecord } from '../support/oracle-records.js'
import type { Oracle } from '../support/oracle.js'
import { createRandom, randomInteger } from '../support/random.js'
import { repositoryRoot } from '../support/repository.js'

export const logsSql = readFileSync(join(repositoryRoot, 'pipelines', 'timestamps', 'logs-per-minute.sql'), 'utf8')

export const logPartitions = 4
const [commitsOfRound, logsOfRound] = [250, 750]
/** This gives 3,750 logs per minute. */
const betweenLogsMs = 16
const firstLogMs = Date.UTC(2024, 1, 5, 10)
/** Less than the watermark's delay: a late log would be missing from the closed windows. */
const jitterMs = 2_000

/** What the jobs have to produce from everything that was written, computed without Flink. */
export type Expected = {
  /** `sum:diff` of each row of `sum`, in order. */
  readonly changes: readonly string[]
  /** The sum of each record of `sum_latest`, in order. */
  readonly sums: readonly number[]
  /** The number of logs by `minute/zone`. */
  readonly logs: ReadonlyMap<string, number>
}

/**
 * Seeded records, written in rounds, one per second, until `stop`. That one continues until at least `atLeast` records
 * are written.
 */
export type SeededLoad = {
  readonly written: () => number
  readonly stop: (atLeast: number) => Promise<Expected & { readonly records: number }>
}

export const startSeededLoad = (oracle: Oracle, seed: number): SeededLoad => {
  const random = createRandom(seed)
  const changes: string[] = []
  const sums: number[] = []
  const logs = new Map<string, number>()
  let [commits, written, sum, goal] = [0, 0, 0, 0]
  let isStopped = false

  const nextCommit = (): NewRecord => {
    const rows = Array.from({ length: randomInteger(random, 1, 4) }, () => ({ value: randomInteger(random, -50, 50) }))
    const next = rows.reduce((total, { value }) => total + value, sum)
    if (commits === 0) changes.push(`${next}:1`)
    else if (next !== sum) changes.push(`${sum}:-1`, `${next}:1`)
    if (commits === 0 || next !== sum) sums.push(next)
    sum = next
    const value = JSON.stringify({ commit: commits, rows })
    commits += 1
    return { topic: 'connector_updates', partition: 0, value }
  }

  const logAt = (timestampMs: number, index: number): NewRecord => {
    const zone = `timezone${1 + (index % 2)}`
    const value = JSON.stringify({ timestamp: timestampMs + 0.5, message: String(index), time: 0, diff: 1 })
    const headers = [{ name: 'source', value: `${zone}/0/${index}` }]
    return { topic: 'unified_timestamps', partition: index % logPartitions, value, headers }
  }

  const nextLog = (index: number): NewRecord => {
    const timestampMs = firstLogMs + index * betweenLogsMs + randomInteger(random, 0, jitterMs)
    const key = `${Math.floor(timestampMs / 60_000) * 60_000}/timezone${1 + (index % 2)}`
    logs.set(key, (logs.get(key) ?? 0) + 1)
    return logAt(timestampMs, index)
  }

  const writeAll = async (records: readonly NewRecord[]): Promise<void> => {
    const failed = (await oracle.write(records)).filter(({ ok }) => !ok)
    if (failed.length > 0) throw new Error(`Expected every record to be written, got ${JSON.stringify(failed[0])}`)
  }

  const run = async (): Promise<void> => {
    const aborted = Array.from({ length: 400 }, (_, index) => logAt(firstLogMs, index))
    await oracle.write(aborted, { transactionalId: 'aborted' })
    await oracle.endTransaction('aborted', 'abort')
    for (let logged = 0; !isStopped || written < goal; logged += logsOfRound) {
      const roundStartMs = performance.now()
      const first = logged
      await writeAll(Array.from({ length: commitsOfRound }, nextCommit))
      await writeAll(Array.from({ length: logsOfRound }, (_, index) => nextLog(first + index)))
      written += commitsOfRound + logsOfRound
      if (!isStopped) await sleep(Math.max(0, 1_000 - (performance.now() - roundStartMs)))
    }
    // These logs close all earlier windows in each partition; their own window stays open.
    const lastMs = firstLogMs + (written / (commitsOfRound + logsOfRound)) * logsOfRound * betweenLogsMs + 600_000
    await writeAll(Array.from({ length: logPartitions }, (_, index) => logAt(lastMs, index)))
  }
  const running = run()
  // `stop` reports a failure.
  running.catch(() => undefined)
  return {
    written: () => written,
    stop: async (atLeast) => {
      goal = atLeast
      isStopped = true
      await running
      return { changes, sums, logs, records: written }
    },
  }
}

type Row = Readonly<Record<string, number | string>>
const rowOf = ({ value }: TopicRecord): Row => JSON.parse(String(value)) as Row

export const readChanges = (records: readonly TopicRecord[]): readonly string[] =>
  records.map((record) => `${rowOf(record).sum}:${rowOf(record).diff}`)

export const readSums = (records: readonly TopicRecord[]): readonly (number | string | undefined)[] =>
  records.map((record) => rowOf(record).sum)

/** The index of the first sum that does not come after the previous one in `expected`; undefined: all do. */
export const findOutOfOrder = (
  sums: readonly (number | string | undefined)[],
  expected: readonly number[],
): number | undefined => {
  let at = 0
  for (const [index, sum] of sums.entries()) {
    while (at < expected.length && expected[at] !== sum) at += 1
    if (at === expected.length) return index
    at += 1
  }
  return undefined
}

/** The number of logs by `minute/zone`, and how many of these keys occur twice. */
export const readWindows = (
  records: readonly TopicRecord[],
): { readonly logs: Map<string, number>; readonly twice: number } => {
  const logs = new Map<string, number>()
  let twice = 0
  for (const record of records) {
    const { minute_ms: minute, zone, logs: count } = rowOf(record)
    const key = `${minute}/${zone}`
    if (logs.has(key)) twice += 1
    logs.set(key, Number(count))
  }
  return { logs, twice }
}
