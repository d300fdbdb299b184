import type { Measurement } from './bench-context.js'
import type { Machine } from './machine.js'
import type { BenchSettings } from './settings.js'

/** All measurements of one run. */
export type Results = {
  readonly measuredAt: string
  /** The machine's one-minute load average during the run: lowest and highest. */
  readonly load?: readonly [number, number]
  readonly machine: Machine
  readonly settings: BenchSettings
  readonly measurements: readonly Measurement[]
}
