import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { UsageError, type Execute, type OutputOptions } from '../report.js'
import { reportGraph } from './draw-graph.js'
import { reportPipelines } from './list-pipelines.js'
import { reportTrial } from './try-pipeline.js'

type AddCommand = (parent: Command, nameAndArguments: string, description: string) => Command

/** Commands about the pipelines of `pipelines/`. None of them needs Kafka. */
export const addPipelineCommands = (program: Command, execute: Execute, addCommand: AddCommand): void => {
  const pipelines = program.command('pipelines').description('the pipelines of pipelines/').helpCommand(false)
  addCommand(pipelines, 'list', 'what each pipeline reads and writes').action((options: OutputOptions) =>
    execute(options, ({ definitions }) => Promise.resolve(reportPipelines(definitions))),
  )
  addCommand(pipelines, 'graph', 'a pipeline as a Mermaid flowchart')
    .argument('<name>', 'the pipeline')
    .action((name: string, options: OutputOptions) =>
      execute(options, ({ definitions }) => Promise.resolve(reportGraph(definitions.find(name)))),
    )
  addCommand(pipelines, 'try', 'runs a pipeline in memory: a value a line in, an output a line out')
    .argument('<name>', 'the pipeline')
    .argument('<topic>', "the input, by the definition's name for it")
    .argument('[file]', 'the values, one on each line; otherwise standard input')
    .action((name: string, alias: string, file: string | undefined, options: OutputOptions) =>
      execute(options, ({ definitions, clock }) =>
        Promise.resolve(
          reportTrial(definitions.find(name), { alias, text: readValues(file), handledAtMs: clock.epochMs() }),
        ),
      ),
    )
}

const standardInput = 0

const readValues = (file: string | undefined): string => {
  try {
    return readFileSync(file ?? standardInput, 'utf8')
  } catch (error) {
    throw new UsageError(`expected a file that can be read, got ${file ?? 'standard input'}: ${String(error)}`)
  }
}
