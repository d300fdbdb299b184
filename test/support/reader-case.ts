import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { NewRecord } from './oracle-records.js'
import { assertResultsMatch } from './results-csv.js'
import { createCase } from './service-case.js'
import { startServiceProcess, type ServiceProcess } from './service-process.js'
import type { SharedSite } from './site.js'
import { waitFor } from './wait-for.js'

type Environment = Readonly<Record<string, string>>
/** The folder that contains a reader's `results`: that of a service process, or of a disk. */
type Home = { readonly folder: string }

/** The output topic of one test, with two partitions and filled by hand, and readers of it. */
export type ReaderCase = {
  readonly topic: string
  /** The output with this number as its message, as the ETL would write it. */
  readonly recordOf: (index: number, partition?: number, padding?: string) => NewRecord
  /** Writes the outputs with numbers `from` up to but not including `to`. */
  readonly write: (from: number, to: number, padding?: string) => Promise<void>
  readonly startReader: (environment?: Environment, folder?: string) => Promise<ServiceProcess>
  /** Runs a reader that writes what is committed, and ends. */
  readonly drain: (folder?: string, environment?: Environment) => Promise<ServiceProcess>
  /** Fails unless results.csv has a row for each committed output, once and in order. */
  readonly expectExact: (home: Home) => Promise<void>
}

export const csvOf = ({ folder }: Home): Promise<string> => readFile(join(folder, 'results', 'results.csv'), 'utf8')

export const countRows = async (home: Home): Promise<number> => (await csvOf(home)).split('\n').length - 2

export const waitForRows = (home: Home, count: number): Promise<unknown> =>
  waitFor(async () => (await countRows(home)) >= count, { what: `${count} rows` })

export const openReaderCase = async ({ kafka, oracle }: SharedSite, name: string): Promise<ReaderCase> => {
  const { outputTopic: topic, environment: own } = createCase(name)
  await oracle.createTopics([{ name: topic, partitionCount: 2 }])
  const recordOf: ReaderCase['recordOf'] = (index, partition = index % 2, padding = '') => ({
    topic,
    partition,
    value: `{"timestamp":${1707217879632 + index}.242,"message":"${index}${padding}","time":1707217879944,"diff":1}`,
    headers: [{ name: 'source', value: `timezone${partition + 1}/0/${index}` }],
  })
  const startReader: ReaderCase['startReader'] = (environment, folder) =>
    startServiceProcess({
      service: 'reader',
      bootstrap: kafka.bootstrap,
      environment: { ...own, ...environment },
      ...(folder === undefined ? {} : { folder }),
    })
  return {
    topic,
    recordOf,
    write: async (from, to, padding) => {
      await oracle.write(Array.from({ length: to - from }, (_, index) => recordOf(from + index, undefined, padding)))
    },
    startReader,
    drain: async (folder, environment) => {
      const reader = await startReader({ READER_FOLLOW: 'false', ...environment }, folder)
      await reader.exit
      return reader
    },
    expectExact: async (home) => assertResultsMatch(await csvOf(home), await oracle.readTopic(topic)),
  }
}
