import type { Broker } from './broker.js'
import type { Candidate } from './candidate.js'
import type { Folders } from './folders.js'
import type { Meter } from './meter.js'
import type { BenchSettings } from './settings.js'

/** One figure of one run, or why there is none. */
export type Measurement = {
  readonly scenario: string
  readonly candidate: string
  readonly round: number
  /** What the scenario varies: logs of a backlog, logs per second, … */
  readonly size: number
  readonly figures: Readonly<Record<string, number>>
  /** 'right', or what was wrong with the output. */
  readonly verdict: string
}

/** What the scenarios share. */
export type BenchContext = {
  readonly settings: BenchSettings
  readonly folders: Folders
  readonly broker: Broker
  readonly meter: Meter
  readonly peers: readonly Candidate[]
  readonly say: (line: string) => void
  readonly record: (measurement: Measurement) => void
}

export const roundsOf = ({ settings }: BenchContext): readonly number[] =>
  Array.from({ length: settings.rounds }, (_, index) => index + 1)
