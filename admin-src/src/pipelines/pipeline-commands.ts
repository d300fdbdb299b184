import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import type { Connected } from '../connect.js'
import { UsageError, type AddCommand, type Execute, type OutputOptions } from '../report.js'
import { reportGraph } from './draw-graph.js'
import { reportNewPipeline } from './new-pipeline.js'
import { reportRemoval } from './remove-pipeline.js'
import { reportPipelines } from './list-pipelines.js'
import { reportTrial } from './try-pipeline.js'

export type PipelineCommandTools = {
  readonly execute: Execute
  readonly connected: Connected
  readonly addCommand: AddCommand
}

/** Commands for the pipelines in `pipelines/`. Only `remove` needs Kafka. */
export const addPipelineCommands = (
  program: Command,
  { execute, connected, addCommand }: PipelineCommandTools,
): void => {
  const pipelines = program.command('pipelines').description('the pipelines in pipelines/').helpCommand(false)
  addCommand(pipelines, 'list', 'what each pipeline reads and writes').action((options: OutputOptions) =>
    execute(options, ({ definitions }) => Promise.resolve(reportPipelines(definitions))),
  )
  addCommand(pipelines, 'graph', 'a pipeline as a Mermaid flowchart')
    .argument('<name>', 'the pipeline')
    .action((name: string, options: OutputOptions) =>
      execute(options, ({ definitions }) => Promise.resolve(reportGraph(definitions.find(name)))),
    )
  addCommand(pipelines, 'new', 'creates a folder in pipelines/ that runs, with a sample and a test')
    .argument('<name>', 'its name')
    .action((name: string, options: OutputOptions) =>
      execute(options, ({ definitions }) => Promise.resolve(reportNewPipeline(definitions.folder, name))),
    )
  addCommand(
    pipelines,
    'remove',
    'what a pipeline has in Kafka: prints what it would delete; deletes it with --execute',
  )
    .argument('<name>', 'the pipeline')
    .option('--execute', 'do it; its services must be stopped')
    .action((name: string, options: RemoveCommandOptions) =>
      connected((context, { execute: isExecuted }: RemoveCommandOptions) =>
        reportRemoval(context, isExecuted === true),
      )({ ...options, pipeline: name }),
    )
  addCommand(pipelines, 'try', 'runs a pipeline in memory: reads one value per line, prints one output per line')
    .argument('<name>', 'the pipeline')
    .argument('<topic>', 'the input topic, by its name in the definition')
    .argument('[file]', 'the values, one per line; without it: standard input')
    .action((name: string, alias: string, file: string | undefined, options: OutputOptions) =>
      execute(options, ({ definitions, clock }) =>
        Promise.resolve(
          reportTrial(definitions.find(name), { alias, text: readValues(file), handledAtMs: clock.epochMs() }),
        ),
      ),
    )
}

type RemoveCommandOptions = OutputOptions & { readonly execute?: true }

const standardInput = 0

const readValues = (file: string | undefined): string => {
  try {
    return readFileSync(file ?? standardInput, 'utf8')
  } catch (error) {
    throw new UsageError(`expected a file that can be read, got ${file ?? 'standard input'}: ${String(error)}`)
  }
}
