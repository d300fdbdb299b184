import { join } from 'node:path'
import { writeLoad, type Ledger, type WriteLoadOptions } from '../support/load-writer.js'
import { createLoad, type LoadRecord, type LoadTopic } from '../support/log-generator.js'
import type { Follower, Oracle } from '../support/oracle.js'
import { createCase, type ServiceCase } from '../support/service-case.js'
import type { SupervisedService } from '../support/supervisor.js'
import { reachVerdict, type Verdict, type VerdictOptions } from '../support/verdict.js'
import { waitFor } from '../support/wait-for.js'
import { assertLedgerKept } from '../support/invariants.js'
import { headerText } from '../support/oracle-records.js'
import { seed } from './seed.js'

/** The topics and group of one test, and the oracle that reads them. */
export type Scene = ServiceCase & {
  readonly oracle: Oracle
  readonly topics: readonly LoadTopic[]
  readonly inputTopics: readonly string[]
}

/** The names of a test's topics and group: two inputs of `partitionCount` partitions, outputs with twice as many. */
export const nameScene = (oracle: Oracle, name: string, partitionCount: number): Scene => {
  const serviceCase = createCase(name)
  const inputTopics = serviceCase.inputs.map(({ topic }) => topic)
  const [newYorkTopic = '', parisTopic = ''] = inputTopics
  const topics = [
    { topic: newYorkTopic, partitionCount, offsetHours: -5 },
    { topic: parisTopic, partitionCount, offsetHours: 1 },
  ]
  return { ...serviceCase, oracle, topics, inputTopics }
}

/** Creates the topics of a test. */
export const layOutScene = async (oracle: Oracle, name: string, partitionCount = 2): Promise<Scene> => {
  const scene = nameScene(oracle, name, partitionCount)
  await oracle.createTopics([
    ...scene.inputTopics.map((topic) => ({ name: topic, partitionCount })),
    ...[scene.outputTopic, scene.deadLetterTopic].map((topic) => ({ name: topic, partitionCount: 2 * partitionCount })),
  ])
  return scene
}

/** A load for the scene, from the seed of this run. */
export const loadOf = ({ topics }: Scene, count: number): LoadRecord[] => createLoad({ seed, count, topics })

/** Records that are written while faults happen. */
export type Stream = { readonly finished: Promise<Ledger>; readonly stop: () => Promise<Ledger> }

export const startStream = (options: Omit<WriteLoadOptions, 'signal'>): Stream => {
  const ending = new AbortController()
  const finished = writeLoad({ ...options, signal: ending.signal })
  finished.catch(() => undefined)
  return {
    finished,
    stop: () => {
      ending.abort()
      return finished
    },
  }
}

export type SceneVerdictOptions = Pick<VerdictOptions, 'follower' | 'resultsFile' | 'deadlineMs'> & {
  readonly ledger?: Ledger
}

/** Checks I1 to I8 over the scene's topics, and I9 if there is a ledger. */
export const judgeScene = async (scene: Scene, options: SceneVerdictOptions = {}): Promise<Verdict> => {
  const { oracle, group, inputTopics, outputTopic, deadLetterTopic } = scene
  const { ledger, ...others } = options
  const verdict = await reachVerdict({ oracle, group, inputTopics, outputTopic, deadLetterTopic, ...others })
  if (ledger !== undefined) {
    const ids = verdict.inputs.map((record) => headerText(record, 'id') ?? '')
    assertLedgerKept(
      ledger.acknowledged.map(({ id }) => id),
      ids,
    )
  }
  return verdict
}

/** The results.csv of a supervised reader. */
export const resultsFileOf = (reader: SupervisedService): string =>
  join(reader.current().folder, 'results', 'results.csv')

const handledAtMs = (value: Buffer | null): number => Number(/"time":(\d+)/.exec(value?.toString('latin1') ?? '')?.[1])

/** How long after `sinceMs` (epoch) the observer saw the first output that was handled later than that. */
export const awaitNextOutput = async (follower: Follower, sinceMs: number, deadlineMs = 60_000): Promise<number> => {
  let seen = 0
  const isThere = (): boolean => {
    for (; seen < follower.records.length; seen++) {
      if (handledAtMs(follower.records[seen]?.value ?? null) > sinceMs) return true
    }
    return false
  }
  await waitFor(isThere, { what: 'the next committed record', deadlineMs, everyMs: 20 })
  return Date.now() - sinceMs
}
