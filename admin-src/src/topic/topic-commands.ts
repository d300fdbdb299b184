import { InvalidArgumentError, Option, type Command } from 'commander'
import { parseLimit, parseTime } from '../arguments.js'
import type { Connected } from '../connect.js'
import type { AddCommand, OutputOptions } from '../report.js'
import { reportLatest } from './latest.js'
import { reportTail, type TailStart } from './tail.js'

type TailCommandOptions = OutputOptions & { readonly from: TailStart; readonly count?: number }

/** Commands that show what is in a topic. */
export const addTopicCommands = (program: Command, connected: Connected, addCommand: AddCommand): void => {
  addCommand(program, 'tail', 'prints the records of a topic as they arrive, decoded, one per line, until you stop it')
    .argument('<topic>', 'its name in Kafka')
    .addOption(
      new Option('--from <where>', 'earliest, latest, or a time (ISO 8601 with offset)')
        .argParser(parseStart)
        .default({ kind: 'earliest' } satisfies TailStart, 'earliest'),
    )
    .addOption(new Option('--count <n>', 'ends after this many records').argParser(parseLimit))
    .action((topic: string, options: TailCommandOptions) =>
      connected((context, { from, count, json }: TailCommandOptions) =>
        reportTail(context, { topic, from, count, isJson: json === true }),
      )(options),
    )
  addCommand(program, 'latest', 'the newest value of each key of a topic, or of one key')
    .argument('<topic>', 'its name in Kafka')
    .argument('[key]', 'this key only; exit code 1 if it has no value')
    .action((topic: string, key: string | undefined, options: OutputOptions) =>
      connected((context) => reportLatest(context, { topic, key }))(options),
    )
}

const parseStart = (text: string): TailStart => {
  if (text === 'earliest' || text === 'latest') return { kind: text }
  try {
    return { kind: 'time', epochMs: parseTime(text) }
  } catch {
    throw new InvalidArgumentError(
      `Expected earliest, latest or a time such as 2024-02-05T10:00:00Z, got ${JSON.stringify(text)}.`,
    )
  }
}
