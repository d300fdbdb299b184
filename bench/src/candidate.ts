import type { Command } from './child.js'
import type { Folders } from './folders.js'

/** One piece of work for a candidate: two input topics, New York's and Paris's, and where the outputs go. */
export type Job = {
  readonly id: string
  readonly bootstrap: string
  readonly inputs: readonly [string, string]
  readonly partitionsPerTopic: number
  readonly output: string
  readonly folders: Folders
}

/** How its output is checked: each byte and the order, the values, or only how many there are. */
export type CheckLevel = 'exact' | 'value' | 'count'

/** Something that does a job and is measured at it. */
export type Contender<Work> = {
  readonly name: string
  /** What a reader of the report sees. */
  readonly title: string
  readonly guarantee: string
  readonly checkLevel: CheckLevel
  /** The processes that do the work side by side. */
  readonly commands: (job: Work) => readonly Command[]
  /** Undefined when it can be run here, else why not; fetches and builds what it needs. */
  readonly prepare: (folders: Folders, say: (line: string) => void) => Promise<string | undefined>
  /** Stopped and measured by what it has done until then: for the very slow. */
  readonly longestSeconds?: number
}

/** Something that does the default pipeline's work. */
export type Candidate = Contender<Job> & {
  readonly outputPartitions: (partitionsPerTopic: number) => number
}
