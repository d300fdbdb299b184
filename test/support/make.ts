import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findFreePorts } from '@kafka-etl/local/broker'
import { repositoryRoot } from './repository.js'
import { parseResults } from './results-csv.js'
import { waitFor } from './wait-for.js'

/** The result of one call of `make`. */
export type MakeResult = { readonly code: number; readonly stdout: string; readonly stderr: string }

/** A stack with separate folders and ports, run by `make` as a user does. */
export type MakeStack = {
  readonly environment: Readonly<Record<string, string>>
  readonly make: (...args: string[]) => Promise<MakeResult>
  /** The messages in results.csv, in its order; none while there is no file. */
  readonly readMessages: () => string[]
}

const largestOutputBytes = 32 * 1024 * 1024

/** Variables of a `make` around this test would reach the one inside it. */
const outer = /^(?:MAKE|MFLAGS|NODE_OPTIONS$|JEST_|npm_)/

/** Runs a command, by default in the repository and as this user; never rejects. */
export const runCommand = (
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  place: { readonly cwd?: string; readonly uid?: number; readonly gid?: number } = {},
): Promise<MakeResult> =>
  new Promise((resolve) => {
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !outer.test(name)))
    const options = {
      cwd: repositoryRoot,
      env: { ...inherited, ...environment },
      maxBuffer: largestOutputBytes,
      ...place,
    }
    execFile(command, [...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
      resolve({ code, stdout, stderr })
    })
  })

/** Plans a stack in `folder`; starts nothing yet. */
export const createMakeStack = async (
  folder: string,
  settings: Readonly<Record<string, string>>,
): Promise<MakeStack> => {
  const [kafka, zookeeper, producer, etl, reader, console, engine, engineHttp] = (await findFreePorts(8)).map(String)
  const resultsDir = join(folder, 'results')
  const environment = {
    KAFKA_PORT: kafka ?? '',
    ZOOKEEPER_PORT: zookeeper ?? '',
    PRODUCER_HTTP_PORT: producer ?? '',
    ETL_HTTP_PORT: etl ?? '',
    READER_HTTP_PORT: reader ?? '',
    CONSOLE_HTTP_PORT: console ?? '',
    ENGINE_PORT: engine ?? '',
    ENGINE_HTTP_PORT: engineHttp ?? '',
    DATA_DIR: join(folder, 'data'),
    RESULTS_DIR: resultsDir,
    ...settings,
  }
  return {
    environment,
    make: (...args) => runCommand('make', args, environment),
    readMessages: () => {
      const file = join(resultsDir, 'results.csv')
      return existsSync(file) ? parseResults(readFileSync(file, 'utf8')).map(({ message }) => message) : []
    },
  }
}

/** Waits until the stack's console is ready, and returns its response. */
export const readConsole = async ({ environment }: MakeStack, path: string): Promise<string> => {
  const url = `http://127.0.0.1:${environment.CONSOLE_HTTP_PORT}`
  await waitFor(async () => (await fetch(`${url}/ready`)).ok, { what: 'the console', deadlineMs: 60_000 })
  return (await fetch(`${url}${path}`)).text()
}

/** The messages of a producer that has sent `count` logs, sorted like {@link sortMessages}. */
export const expectedMessages = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index))

/** Sorts messages by number: rows of different partitions may be in any order. */
export const sortMessages = (messages: readonly string[]): string[] =>
  messages.toSorted((left, right) => Number(left) - Number(right))
