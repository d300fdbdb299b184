import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { NewRecord } from '../support/oracle-records.js'
import type { Follower, Oracle } from '../support/oracle.js'
import { repositoryRoot } from '../support/repository.js'
import { waitFor } from '../support/wait-for.js'

const keyCount = 200
export const partitionCount = 4

/**
 * Each record passes once, together with the count of its key so far: this reveals lost, repeated and forgotten
 * records.
 */
export const sequenceSql = `SET 'pipeline.name' = 'sequence';
SET 'parallelism.default' = '2';
CREATE TEMPORARY TABLE sequence_in (id BIGINT, k INT, arrived AS PROCTIME()) WITH (
  'connector' = 'kafka', 'topic' = 'sequence_in', 'properties.bootstrap.servers' = '\${KAFKA_BROKERS}',
  'properties.group.id' = 'engine-sequence', 'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset', 'format' = 'json');
CREATE TEMPORARY TABLE sequence_out (id BIGINT, k INT, n BIGINT) WITH (
  'connector' = 'kafka', 'topic' = 'sequence_out', 'properties.bootstrap.servers' = '\${KAFKA_BROKERS}',
  'format' = 'json', 'key.format' = 'json', 'key.fields' = 'k', 'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'engine-sequence', 'sink.transaction-naming-strategy' = 'POOLING',
  'properties.transaction.timeout.ms' = '\${ENGINE_TRANSACTION_TIMEOUT_MS}');
INSERT INTO sequence_out
SELECT id, k, COUNT(*) OVER (PARTITION BY k ORDER BY arrived ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
FROM sequence_in;`

export const sumSql = readFileSync(join(repositoryRoot, 'pipelines', 'connector', 'sum.sql'), 'utf8')

/** The judgement of the records with `ids`: all numbers are 0 if the job kept its promise. */
export type Verdict = { readonly lost: number; readonly twice: number; readonly wrong: number }

type Counted = { readonly id: number; readonly k: number; readonly n: number }

/**
 * Recomputes the sequence outside Flink: each id once, and the counts of a key 1, 2, 3 … in the order of its partition.
 */
export const judgeSequence = (values: readonly (Buffer | null)[], count: number): Verdict => {
  const seen = new Uint8Array(count)
  const counts = new Map<number, number>()
  let [twice, wrong] = [0, 0]
  for (const value of values) {
    const { id, k, n } = JSON.parse(String(value)) as Counted
    if (seen[id] === 1) twice += 1
    seen[id] = 1
    const expected = (counts.get(k) ?? 0) + 1
    if (n !== expected || k !== id % keyCount) wrong += 1
    counts.set(k, expected)
  }
  return { lost: seen.filter((times) => times === 0).length, twice, wrong }
}

/** Writes ids, each key to one partition, until `stop`, which resolves to the number of written ids. */
export type Load = { readonly stop: () => Promise<number> }

export const startLoad = (oracle: Oracle, perSecond = 1_500): Load => {
  let isStopped = false
  const write = async (): Promise<number> => {
    let count = 0
    while (!isStopped) {
      const roundStartMs = performance.now()
      const first = count
      await oracle.write(Array.from({ length: perSecond }, (_, index) => recordOf(first + index)))
      count += perSecond
      await sleep(Math.max(0, 1_000 - (performance.now() - roundStartMs)))
    }
    return count
  }
  const written = write()
  // `stop` reports a failure.
  written.catch(() => undefined)
  return {
    stop: () => {
      isStopped = true
      return written
    },
  }
}

export const recordOf = (id: number): NewRecord => {
  const k = id % keyCount
  const value = JSON.stringify({ id, k })
  return { topic: 'sequence_in', partition: k % partitionCount, value }
}

/** Waits until more records are committed than now. */
export const awaitMore = async ({ records }: Follower, what: string): Promise<void> => {
  const before = records.length
  await waitFor(() => records.length > before || undefined, { what, deadlineMs: 180_000 })
}
