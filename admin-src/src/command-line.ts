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

/** The process that the commands run in. */
export type CommandLine = {
  readonly arguments: readonly string[]
  readonly environment: Environment
  readonly stdout: DestinationStream
  readonly stderr: DestinationStream
  readonly clientId: string
  /** The folder of the repository: pipelines are in its `pipelines/`. */
  readonly root: string
  /** For tests that kill the process at a named place. */
  readonly kill: () => void
}

/** Runs one command: its report goes to stdout, what went wrong to stderr. Resolves to the exit code, never rejects. */
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

/** Lets no command end the process, and all of them write to the streams that were given. */
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

// Somebody waits for the answer: what fails for seconds is told, so that they can look after it.
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
    // Not every command is about one, and one that cannot work keeps no other from being listed.
    get pipeline() {
      const { groupId, deadLetterTopic } = settings
      return { definition: definitions.find(settings.pipeline), names: { groupId, deadLetterTopic } }
    },
  }
}

/** Whatever a command says may hold text of others: no character of theirs may be one that a terminal obeys. */
const printableLines = (text: string): string => text.split('\n').map(printable).join('\n')

/** The faults of the pipeline's own settings are reported beside those of the commands'. */
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

// What fails is told in one sentence; the client's own log is for those who ask for it.
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
    // Commander has printed its sentence, or the help that was asked for.
    return error.exitCode === 0 ? 0 : 2
  }
  stderr.write(printableLines(`admin: ${messageOf(error)}\n`))
  return error instanceof UsageError || error instanceof SettingsError ? 2 : 1
}
