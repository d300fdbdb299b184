import { join } from 'node:path'
import { printable } from '@kafka-etl/common'
import { removeResults } from './remove-results.js'
import { readResults, type Results } from './results.js'
import { formatStatusTable, readLag } from './part-status.js'
import type { Runtime } from './runtime.js'
import { writeRunningName, type StackPipeline } from './stack-pipeline.js'
import { bringUp, type UpContext } from './up.js'

export const commandNames = ['up', 'logs', 'ps', 'results', 'stop', 'down', 'clean'] as const
export type CommandName = (typeof commandNames)[number]

export type CommandContext = Omit<UpContext, 'readRows' | 'pipeline'> & {
  /** Throws a StackError if the pipeline cannot be loaded. */
  readonly loadPipeline: () => StackPipeline
  readonly runtime: Runtime
  /** Writes the result to standard output; `say` is for progress. */
  readonly print: (line: string) => void
  readonly stopping: AbortSignal
}

const shownRows = 10

/** Runs one command of `make`, in either runtime. */
export const runCommand = (name: CommandName, context: CommandContext): Promise<void> => {
  switch (name) {
    case 'up':
      return up(context)
    case 'logs':
      return context.runtime.followLogs(context.settings.service || undefined, context.stopping)
    case 'ps':
      return showParts(context)
    case 'results':
      return showResults(context)
    case 'stop':
      return stop(context)
    case 'down':
      return down(context)
    case 'clean':
      return clean(context)
  }
}

const up = async (context: CommandContext): Promise<void> => {
  const { runtime, print, folders } = context
  const pipeline = context.loadPipeline()
  writeRunningName(folders.data, pipeline.name)
  const readRows = (file: string): Promise<Results | undefined> => readResults(join(folders.results, file), shownRows)
  const rows = await bringUp(runtime, { ...context, pipeline, readRows })
  const awaited = pipeline.results.find(({ isAwaited }) => isAwaited)
  if (rows && awaited) {
    print(`Every part is healthy, and ${awaited.file} has its first rows:\n`)
    printRows(context, awaited.file, rows)
  } else print(`Every part is healthy. ${pipeline.name} has no results: it only writes topics.`)
  for (const { name, advice } of await runtime.readStatus()) {
    if (advice !== undefined) print(`\n${name} ${advice}.`)
  }
  print(`
What to do next:
${describeConsole(context)}  make logs      watch records being sent, handled and written (Ctrl-C ends watching, not the stack)
  make ps        state, health and lag of every part
  make results   the newest rows, and how many there are
  make down      stop everything; data and results stay`)
}

/** The console comes first: people look before they read. */
const describeConsole = ({ settings }: CommandContext): string =>
  settings.console ? `  http://127.0.0.1:${settings.consoleHttpPort}   open it: the console shows the stack live\n` : ''

const showParts = async ({ runtime, print }: CommandContext): Promise<void> => {
  const parts = await runtime.readStatus()
  if (parts.length === 0) {
    print(`The stack is not running (RUNTIME=${runtime.name}): \`make\` starts it.`)
    return
  }
  print(formatStatusTable(await Promise.all(parts.map(async (part) => ({ ...part, lag: await readLag(part) })))))
}

const showResults = async (context: CommandContext): Promise<void> => {
  const { print, folders } = context
  const { name, results } = context.loadPipeline()
  if (results.length === 0) print(`${name} has no results: it only writes topics.`)
  for (const { file } of results) {
    const rows = await readResults(join(folders.results, file), shownRows)
    if (rows) printRows(context, file, rows)
    else print(`There is no ${join(folders.results, file)} yet: \`make\` starts the stack that writes it.`)
  }
}

const printRows = ({ print, folders }: CommandContext, file: string, { header, last, count }: Results): void => {
  print(printable(header))
  if (count > last.length) print(`… ${count - last.length} more`)
  // One row per line, whatever its message contains.
  for (const row of last) print(printable(row))
  print(`${count} ${count === 1 ? 'row' : 'rows'} in ${join(folders.results, file)}`)
}

const stop = async ({ runtime, print }: CommandContext): Promise<void> => {
  await runtime.stop()
  print('The services are stopped; Kafka keeps running. `make` starts them again.')
}

const down = async ({ runtime, print, folders }: CommandContext): Promise<void> => {
  await runtime.down()
  print(
    `Everything is stopped; data and ${folders.results} stay. \`make\` continues from there, \`make clean\` removes them.`,
  )
}

const clean = async ({ runtime, print, folders }: CommandContext): Promise<void> => {
  const removed = [...(await runtime.removeData()), ...(await removeResults(folders.results))]
  removed.forEach((what) => print(`Removed ${what}`))
}
