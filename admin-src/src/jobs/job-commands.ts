import { createFlinkCluster } from '@kafka-etl/engine/flink/cluster'
import type { Command } from 'commander'
import type { AdminContext } from '../context.js'
import type { Execute, OutputOptions } from '../report.js'
import { reportCancellation, reportSavepoint } from './end-job.js'
import { reportJobs } from './list-jobs.js'

type AddCommand = (parent: Command, nameAndArguments: string, description: string) => Command

const clusterOf = ({ settings }: AdminContext) => createFlinkCluster(settings.restUrl)

/** Commands for the engine's jobs. They only use Flink, and need no Kafka. */
export const addJobCommands = (program: Command, execute: Execute, addCommand: AddCommand): void => {
  const jobs = program.command('jobs').description("the engine's jobs").helpCommand(false)
  addCommand(jobs, 'list', 'state, restarts and last checkpoint of each job').action((options: OutputOptions) =>
    execute(options, (context) => reportJobs(clusterOf(context), context.clock.epochMs())),
  )
  addCommand(jobs, 'cancel', 'ends a job at once; the engine submits it again from its last checkpoint')
    .argument('<job>', 'its name, as the list shows it')
    .action((name: string, options: OutputOptions) =>
      execute(options, (context) => reportCancellation(clusterOf(context), name)),
    )
  addCommand(
    jobs,
    'savepoint',
    'stops a job with a savepoint; the engine continues from there with the file as it is now',
  )
    .argument('<job>', 'its name, as the list shows it')
    .action((name: string, options: OutputOptions) =>
      execute(options, (context) => reportSavepoint(clusterOf(context), name, context.clock)),
    )
}
