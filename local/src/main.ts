import { fileURLToPath } from 'node:url'
import { createSystemClock, readDotenv } from '@kafka-etl/common'
import { pipelinesFolder } from '@kafka-etl/pipeline/loading'
import { isPipelineSetting } from '@kafka-etl/pipeline/running'
import { askDocker, chooseRuntime, requireDocker } from './choose-runtime.js'
import { commandNames, runCommand } from './commands.js'
import { createDockerRuntime } from './docker-runtime.js'
import { planFolders } from './folders.js'
import { createLocalRuntime } from './local-runtime.js'
import { rotateResults } from './rotate-results.js'
import type { Runtime, RuntimeContext } from './runtime.js'
import { StackError } from './stack-error.js'
import { loadStackPipeline, readRunningName, type StackPipeline } from './stack-pipeline.js'
import { loadStackSettings } from './stack-settings.js'
import { printableLines } from './terminal.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
// Rows and logs contain foreign text.
const say = (line: string): void => void process.stderr.write(`${printableLines(line)}\n`)
const print = (line: string): void => void process.stdout.write(`${printableLines(line)}\n`)

const fail = (message: string, exitCode: number): never => {
  say(message)
  process.exit(exitCode)
}

const failSettings = (faults: readonly string[]): never =>
  fail(`wrong settings\n${faults.map((fault) => `  ${fault}`).join('\n')}`, 2)

const createRuntime = async (context: RuntimeContext): Promise<Runtime> => {
  const { runtime: asked } = context.settings
  const docker = asked === 'local' ? { ok: false as const, why: '' } : await askDocker()
  const choice = chooseRuntime(asked, docker)
  requireDocker(choice, docker)
  say(`RUNTIME=${choice.runtime}: ${choice.why}`)
  if (choice.runtime === 'local') return createLocalRuntime({ ...context, node: process.execPath, print })
  const user = process.getuid && process.getgid ? `${process.getuid()}:${process.getgid()}` : undefined
  return createDockerRuntime({ ...context, user, print })
}

const stopOnSignal = (command: string): AbortSignal => {
  const controller = new AbortController()
  const stop = (): void => {
    controller.abort()
    if (command === 'logs' || command === 'kafka-tool') return
    fail(`\nInterrupted; what has been started keeps running. \`make ${command}\` continues from here.`, 130)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return controller.signal
}

const main = async (): Promise<void> => {
  const name = process.argv[2] ?? ''
  const commands = [...commandNames, 'kafka-tool', 'rotate'] as const
  const command = commands.find((candidate) => candidate === name)
  if (!command) return fail(`expected a command (${commands.join(', ')}), got ${JSON.stringify(name)}`, 2)
  const stopping = stopOnSignal(command)
  const { environment: dotenv, faults } = readDotenv(`${root}.env`)
  if (faults.length > 0) return failSettings(faults)
  const variables = { ...dotenv, ...process.env }
  const loaded = loadStackSettings(variables, (setting) => isPipelineSetting(pipelinesFolder, setting))
  if (!loaded.ok) return failSettings(loaded.faults)
  const { settings } = loaded
  const folders = planFolders(root, settings)
  const pipelineName = command === 'up' ? settings.pipeline : (readRunningName(folders.data) ?? settings.pipeline)
  const loadPipeline = (): StackPipeline => {
    const found = loadStackPipeline(pipelineName, variables)
    return found.ok ? found.pipeline : failSettings(found.faults)
  }
  // Before anything starts.
  if (command === 'up') loadPipeline()
  const context = { settings, folders, pipelineName, environment: process.env, dotenv, say }
  if (command === 'rotate') {
    process.exitCode = await rotateResults({ ...context, node: process.execPath })
    return
  }
  const runtime = await createRuntime(context)
  if (command === 'kafka-tool') {
    const [tool = '', ...args] = process.argv.slice(3)
    process.exitCode = await runtime.runTool(tool, args)
    return
  }
  await runCommand(command, { ...context, loadPipeline, runtime, print, clock: createSystemClock(), stopping })
}

// The reader of the pipe has seen enough: `make logs | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

try {
  await main()
} catch (error) {
  if (!(error instanceof StackError)) throw error
  fail(error.message, 1)
}
