import { readFile } from 'node:fs/promises'
import { assertEventTimes, assertGroupAtEnd, assertNothingHangs, isGroupAtEnd } from './cluster-checks.js'
import { assertEachExactlyOnce, assertObserverAgrees, assertOrderedPerSource } from './invariants.js'
import type { Follower, Oracle } from './oracle.js'
import type { TopicRecord } from './oracle-records.js'
import { assertResultsMatch, parseResults } from './results-csv.js'
import { waitFor } from './wait-for.js'

export type VerdictOptions = {
  readonly oracle: Oracle
  /** The default is 'etl'. */
  readonly group?: string
  readonly inputTopics: readonly string[]
  readonly outputTopic?: string
  readonly deadLetterTopic?: string
  /** results.csv, if a reader ran. */
  readonly resultsFile?: string
  /** An observer of the output topic that was started before the faults; it is stopped here. */
  readonly follower?: Follower
  /** I7: how long after the faults everything may take; by default 60,000 ms. */
  readonly deadlineMs?: number
}

/** Everything that the cluster contains at the end, as the Java consumer reads it. */
export type Verdict = {
  readonly inputs: readonly TopicRecord[]
  readonly unified: readonly TopicRecord[]
  readonly deadLetters: readonly TopicRecord[]
}

const awaitRows = async (file: string, count: number, deadlineMs: number): Promise<void> => {
  const countRows = async (): Promise<boolean> => {
    const found = parseResults(await readFile(file, 'utf8')).length
    if (found < count) throw new Error(`got ${found}`)
    return true
  }
  await waitFor(countRows, { what: `${count} rows in ${file}`, deadlineMs, everyMs: 250 })
}

/** Waits until everything is done (I7), then checks I1 to I6 and I8: nothing lost, repeated or out of order. */
export const reachVerdict = async (options: VerdictOptions): Promise<Verdict> => {
  const { oracle, inputTopics, resultsFile, follower } = options
  const {
    group = 'etl',
    outputTopic = 'unified_timestamps',
    deadLetterTopic = 'dead_letters',
    deadlineMs = 60_000,
  } = options
  const isDone = (): Promise<true> => isGroupAtEnd(oracle, group, inputTopics)
  await waitFor(isDone, { what: `group ${group} to reach the end of its inputs`, deadlineMs, everyMs: 250 })
  await assertNothingHangs(oracle, [outputTopic, deadLetterTopic])
  const inputs = (await Promise.all(inputTopics.map((topic) => oracle.readTopic(topic)))).flat()
  const unified = await oracle.readTopic(outputTopic)
  const deadLetters = await oracle.readTopic(deadLetterTopic)
  assertEachExactlyOnce({ inputs, unified, deadLetters })
  assertOrderedPerSource(unified)
  assertOrderedPerSource(deadLetters)
  await assertEventTimes(oracle, inputs, unified)
  await assertGroupAtEnd(oracle, group, inputTopics)
  if (follower !== undefined) assertObserverAgrees(await follower.stop(), unified)
  if (resultsFile !== undefined) {
    await awaitRows(resultsFile, unified.length, deadlineMs)
    assertResultsMatch(await readFile(resultsFile, 'utf8'), unified)
  }
  return { inputs, unified, deadLetters }
}
