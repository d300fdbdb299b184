import {
  createCrashPoint,
  createLogger,
  createSystemClock,
  loadEnvironment,
  messageOf,
  pipelineIn,
  printable,
  readVariables,
  SettingsError,
  type Environment,
  type Logger,
} from '@kafka-etl/common'
import { createKafka } from '@kafka-etl/kafka'
import { besideService, ownSettings } from '@kafka-etl/pipeline/running'
import { CommanderError, type Command } from 'commander'
import type { DestinationStream } from 'pino'
import type { AdminContext } from './context.js'
import { createDefinitions, type Definitions } from './pipelines/definitions.js'
import { createProgram } from './program.js'
import { formatJson, type Execute, type OutputOptions, UsageError } from './report.js'
import { adminSettings, type AdminSettings } from './settings.js'

/** The process in which the commands run. */
export type CommandLine = {
  readonly arguments: readonly string[]
  readonly environment: Environment
  readonly stdout: DestinationStream
  readonly stderr: DestinationStream
  readonly clientId: string
  /** The folder of the repository; its `pipelines/` contains the pipelines. */
  readonly root: string
  /** For tests that kill the process at a named point. */
  readonly kill: () => void
}

/** Runs one command. Its report goes to stdout, errors go to stderr. Resolves to the exit code, never rejects. */
export const runCommandLine = async (line: CommandLine): Promise<number> => {
  const { stdout, stderr } = line
  let exitCode = 0
  const execute: Execute = async (options, work) => {
    const report = await work(createContext(line, options))
    const output = options.json && report.json !== undefined ? formatJson(report.json) : report.text
    if (output !== '') stdout.write(printableLines(`${output}\n`))
    if (report.complaint !== undefined && report.complaint !== '') {
      stderr.write(printableLines(`${report.complaint}\n`))
    }
    exitCode = report.exitCode
  }
  const program = createProgram(execute)
  prepare(program, line)
  try {
    await program.parseAsync([...line.arguments], { from: 'user' })
    return exitCode
  } catch (error) {
    return explainFailure(error, line)
  }
}

/** Keeps all commands from ending the process, and makes them write to the given streams. */
const prepare = (command: Command, line: CommandLine): void => {
  command
    .exitOverride()
    .showHelpAfterError('(--help says what is expected)')
    .configureOutput({
      writeOut: (text) => line.stdout.write(printableLines(text)),
      writeErr: (text) => line.stderr.write(printableLines(text)),
    })
  for (const child of command.commands) prepare(child, line)
}

// Somebody waits for the answer: after seconds, a failure is reported.
const retries = 4

const createContext = (line: CommandLine, { verbose, pipeline }: OutputOptions): AdminContext => {
  const environment = pipeline === undefined ? line.environment : { ...line.environment, PIPELINE: pipeline }
  const definitions = createDefinitions(line.root, environment)
  const settings = loadSettings(environment, definitions)
  const logger = createCommandLogger(settings, line.stderr, verbose === true)
  const clock = createSystemClock()
  const kafka = createKafka({ clientId: line.clientId, settings, logger, retries, clock })
  const crashPoint = createCrashPoint(line.environment, line.kill)
  return {
    settings,
    kafka,
    logger,
    clock,
    crashPoint,
    definitions,
    print: (text) => line.stdout.write(`${printable(text)}\n`),
    // Loaded on demand: not every command needs a pipeline, and a broken one must not keep others from being listed.
    get pipeline() {
      const { groupId, deadLetterTopic } = settings
      return { definition: definitions.find(settings.pipeline), names: { groupId, deadLetterTopic } }
    },
  }
}

/** Makes output safe: it may contain foreign text, and no character of that may control the terminal. */
const printableLines = (text: string): string => text.split('\n').map(printable).join('\n')

/** Reports the faults of the pipeline's own settings together with those of the commands' settings. */
const loadSettings = (environment: Environment, { hasSetting, settingsOf }: Definitions): AdminSettings => {
  const own = settingsOf(pipelineIn(readVariables(environment)))
  const table = { ...besideService(own.settings), ...adminSettings }
  const loaded = loadEnvironment(table, environment, {
    isKnownElsewhere: hasSetting,
    findContradictions: (known) =>
      own.findContradictions(ownSettings(known), { deadLetterTopic: known.deadLetterTopic }),
  })
  if (loaded.ok) return loaded.settings
  throw new SettingsError(`wrong settings\n${loaded.faults.map((fault) => `  ${fault}`).join('\n')}`)
}

// A failure is reported in one sentence; the client's own log appears only on request.
const createCommandLogger = (settings: AdminSettings, stream: DestinationStream, isVerbose: boolean): Logger =>
  createLogger({
    name: 'admin',
    settings: isVerbose
      ? { logLevel: 'debug', logFormat: settings.logFormat }
      : { logLevel: 'silent', logFormat: 'json' },
    stream,
  })

const explainFailure = (error: unknown, { stderr }: CommandLine): number => {
  if (error instanceof CommanderError) {
    // Commander has printed its sentence, or the requested help.
    return error.exitCode === 0 ? 0 : 2
  }
  stderr.write(printableLines(`admin: ${messageOf(error)}\n`))
  return error instanceof UsageError || error instanceof SettingsError ? 2 : 1
}
