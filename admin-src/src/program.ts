import { Command, Option } from 'commander'
import {
  collectCoordinates,
  parseCoordinates,
  parseLimit,
  parseOffset,
  parsePartition,
  parseTime,
} from './arguments.js'
import { reportAudit } from './audit/audit.js'
import { withConnection, type Connected } from './connect.js'
import type { ConnectedContext } from './context.js'
import { reportExport } from './dead-letters/export-letters.js'
import { reportLetters } from './dead-letters/list-letters.js'
import { reportReplay, reportReplayPlan } from './dead-letters/replay.js'
import type { LetterCoordinates, ReplayChoice } from './dead-letters/plan-replay.js'
import { reportLetter } from './dead-letters/show-letter.js'
import { reportHealth } from './doctor/doctor.js'
import { reportLag } from './lag/lag.js'
import { UsageError, type Execute, type OutputOptions, type Report } from './report.js'
import { addJobCommands } from './jobs/job-commands.js'
import { addPipelineCommands } from './pipelines/pipeline-commands.js'
import { addTopicCommands } from './topic/topic-commands.js'
import { reportReset, reportResetPlan } from './reset/reset.js'
import { findTarget, type TargetOptions } from './reset/target-options.js'
import { addRotateCommand } from './rotate/rotate-command.js'
import { addSchemaCommands } from './schemas/schema-commands.js'

/** The commands and their arguments. */
export const createProgram = (execute: Execute): Command => {
  const program = new Command('npm run admin --')
    .description(
      'Answers the daily questions about the ETL. Settings come from the environment and .env, as for the services.',
    )
    .addHelpText(
      'after',
      '\nExit codes: 0 all is well, 1 something is wrong or the command failed, 2 wrong arguments or settings.',
    )
    .helpCommand(false)
  const connected =
    <Options extends OutputOptions>(work: (context: ConnectedContext, options: Options) => Promise<Report>) =>
    (options: Options): Promise<void> =>
      execute(options, (context) => withConnection(context, (established) => work(established, options)))

  addCommand(program, 'doctor', 'checks everything that the services need and says what to do').action(
    (options: OutputOptions) => execute(options, reportHealth),
  )
  addCommand(program, 'lag', 'how far behind the ETL is, in records and seconds').action(connected(reportLag))
  addDeadLetterCommands(program, execute, connected)
  addCommand(program, 'reset', "moves the group's offsets: prints what it would change; changes it with --execute")
    .addOption(new Option('--to-offset <n>', 'to this offset').argParser(parseOffset))
    .option('--to-earliest', 'to the start of the log')
    .option('--to-latest', 'to the end of the log')
    .addOption(
      new Option(
        '--to-time <time>',
        'to the first record with a timestamp from this time on (ISO 8601 with offset)',
      ).argParser(parseTime),
    )
    .option('--topic <topic>', 'this input topic only')
    .addOption(new Option('--partition <n>', 'this partition only').argParser(parsePartition))
    .option('--execute', 'do it; the ETL must be stopped')
    .action((options: TargetOptions) => {
      const { topic, partition, execute: isExecuted } = options
      const plan = { target: findTarget(options), scope: { topic, partition } }
      const work = connected((context) => (isExecuted ? reportReset(context, plan) : reportResetPlan(context, plan)))
      return work(options)
    })
  addCommand(program, 'audit', 'checks that each record became what its step makes of it, once and in order').action(
    connected(reportAudit),
  )
  addTopicCommands(program, connected, addCommand)
  addPipelineCommands(program, { execute, connected, addCommand })
  addJobCommands(program, execute, addCommand)
  addRotateCommand(program, execute, addCommand)
  addSchemaCommands(program, execute, addCommand)
  return program
}

const addCommand = (parent: Command, nameAndArguments: string, description: string): Command =>
  parent
    .command(nameAndArguments)
    .description(description)
    .option('--json', 'one line of JSON, for scripts')
    .option('--pipeline <name>', 'this pipeline instead of PIPELINE')
    .option('-v, --verbose', "also prints the Kafka client's log, on stderr")

type ListCommandOptions = OutputOptions & { readonly reason?: readonly string[]; readonly limit: number }
type ExportCommandOptions = OutputOptions & { readonly reason?: readonly string[] }
type ReplayCommandOptions = OutputOptions & {
  readonly reason?: readonly string[]
  readonly letter?: readonly LetterCoordinates[]
  readonly topic?: string
  readonly since?: number
  readonly limit?: number
  readonly again?: true
  readonly dryRun?: true
}

const addDeadLetterCommands = (program: Command, execute: Execute, connected: Connected): void => {
  const letters = program.command('dead-letters').description('the rejected records').helpCommand(false)
  addCommand(letters, 'list', 'the newest dead letters, and how many there are of each reason')
    .addOption(reasonOption('only letters of these reasons'))
    .addOption(new Option('--limit <n>', 'how many to show').argParser(parseLimit).default(20))
    .action(
      connected((context, { reason = [], limit }: ListCommandOptions) =>
        reportLetters(context, { reasons: reason, limit }),
      ),
    )
  addCommand(letters, 'export', 'writes dead letters to a new file, one line of JSON each')
    .argument('<file>', 'the file, which must not exist yet')
    .addOption(reasonOption('only letters of these reasons'))
    .action((path: string, options: ExportCommandOptions) =>
      connected((context, { reason = [] }: ExportCommandOptions) => reportExport(context, { path, reasons: reason }))(
        options,
      ),
    )
  addCommand(letters, 'show', 'everything about one dead letter')
    .argument('<partition/offset>', 'which one, as the list shows it', parseCoordinates)
    .action((coordinates: LetterCoordinates, options: OutputOptions) =>
      execute(options, (context) => withConnection(context, (established) => reportLetter(established, coordinates))),
    )
  addCommand(letters, 'replay', 'sends dead letters back to their input topic, each once')
    .addOption(reasonOption('letters of these reasons'))
    .addOption(
      new Option('--letter <partition/offset...>', 'these letters, as the list shows them').argParser(
        collectCoordinates,
      ),
    )
    .option('--topic <topic>', 'only those that came from this input topic')
    .addOption(
      new Option('--since <time>', 'only those rejected from this time on (ISO 8601 with offset)').argParser(parseTime),
    )
    .addOption(new Option('--limit <n>', 'at most this many').argParser(parseLimit))
    .option('--again', 'also those that were replayed and rejected again')
    .option('--dry-run', 'print what would be sent, send nothing')
    .action((options: ReplayCommandOptions) => {
      const choice = toChoice(options)
      const work = connected((context) =>
        options.dryRun ? reportReplayPlan(context, choice) : reportReplay(context, choice),
      )
      return work(options)
    })
}

/** Nothing is replayed by accident: the options must say which letters. */
const toChoice = ({ reason, letter, topic, since, limit, again }: ReplayCommandOptions): ReplayChoice => {
  if (reason === undefined && letter === undefined) {
    throw new UsageError("required option '--reason <reasons...>' or '--letter <partition/offset...>' not specified")
  }
  return {
    reasons: reason ?? [],
    letters: letter ?? [],
    topic,
    sinceMs: since,
    limit,
    isAgain: again === true,
  }
}

const reasonOption = (description: string): Option => new Option('--reason <reasons...>', description)
