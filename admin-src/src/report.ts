import { stringifyWithIntegers } from '@kafka-etl/pipeline'
import type { Command } from 'commander'
import type { AdminContext } from './context.js'

/** The result of a command: for people, for scripts (`--json`), and whether all is well. */
export type Report = {
  readonly text: string
  /** Any JSON value, and bigint, which is printed as a number. */
  readonly json: unknown
  /** Text for stderr: faults of single records. */
  readonly complaint?: string
  /** 2: a retry does not help. */
  readonly exitCode: 0 | 1 | 2
}

/** The options of every command. */
export type OutputOptions = { readonly json?: true; readonly verbose?: true; readonly pipeline?: string }

/** Adds a command with the common options. */
export type AddCommand = (parent: Command, nameAndArguments: string, description: string) => Command

/** Does a command's work and prints its report. */
export type Execute = (options: OutputOptions, work: (context: AdminContext) => Promise<Report>) => Promise<void>

/** JSON with offsets as numbers, in one line: scripts can read it line by line. */
export const formatJson = (value: unknown): string => stringifyWithIntegers(value)

/** An argument that cannot be used: a sentence that says what was expected and what came; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
