import type { Command } from 'commander'
import type { AddCommand, Execute, OutputOptions } from '../report.js'
import { reportRotation } from './rotate.js'

type RotateOptions = OutputOptions & { readonly all?: true }

export const addRotateCommand = (program: Command, execute: Execute, addCommand: AddCommand): void => {
  addCommand(
    program,
    'rotate',
    'begins a new file for each result of the pipeline; the rows so far stay in a file beside it',
  )
    .option('--all', 'every result in RESULTS_DIR, whichever pipeline it is of')
    .action((options: RotateOptions) => execute(options, (context) => reportRotation(context, options.all === true)))
}
