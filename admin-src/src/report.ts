import { stringifyWithIntegers } from '@kafka-etl/pipeline'
import type { Command } from 'commander'
import type { AdminContext } from './context.js'

/** What a command has to say: for people, for scripts (`--json`), and whether all is well. */
export type Report = {
  readonly text: string
  /** Anything that JSON can hold, and bigint, which is printed as a number. */
  readonly json: unknown
  /** What goes to stderr: what was wrong with single records. */
  readonly complaint?: string
  /** 2: nothing that doing it again mends. */
  readonly exitCode: 0 | 1 | 2
}

/** What every command takes. */
export type OutputOptions = { readonly json?: true; readonly verbose?: true; readonly pipeline?: string }

/** Adds a command with the options that all have. */
export type AddCommand = (parent: Command, nameAndArguments: string, description: string) => Command

/** Does a command's work and prints its report. */
export type Execute = (options: OutputOptions, work: (context: AdminContext) => Promise<Report>) => Promise<void>

/** JSON with offsets as numbers; one line, so that scripts can read it line by line. */
export const formatJson = (value: unknown): string => stringifyWithIntegers(value)

/** An argument that cannot be used: a sentence that says what was expected and what came; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
