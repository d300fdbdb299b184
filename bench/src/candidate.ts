import type { Command } from './child.js'
import type { Folders } from './folders.js'

/** One piece of work for a candidate: two input topics, New York's and Paris's, and the output topic. */
export type Job = {
  readonly id: string
  readonly bootstrap: string
  readonly inputs: readonly [string, string]
  readonly partitionsPerTopic: number
  readonly output: string
  readonly folders: Folders
}

/** How to check the output: every byte and the order, the values, or only the number. */
export type CheckLevel = 'exact' | 'value' | 'count'

/** A program that does a job and is measured. */
export type Contender<Work> = {
  readonly name: string
  /** The title in the report. */
  readonly title: string
  readonly guarantee: string
  readonly checkLevel: CheckLevel
  /** The processes that share the work. */
  readonly commands: (job: Work) => readonly Command[]
  /** Downloads and builds what it needs. Undefined if it can run here, otherwise why not. */
  readonly prepare: (folders: Folders, say: (line: string) => void) => Promise<string | undefined>
  /** For very slow contenders: stopped after this time, and measured by what it has done until then. */
  readonly longestSeconds?: number
}

/** A contender for the default pipeline's work. */
export type Candidate = Contender<Job> & {
  readonly outputPartitions: (partitionsPerTopic: number) => number
}
