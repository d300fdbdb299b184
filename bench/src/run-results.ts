import type { Measurement } from './bench-context.js'
import type { Machine } from './machine.js'
import type { BenchSettings } from './settings.js'

/** All that one run has measured. */
export type Results = {
  readonly measuredAt: string
  /** The machine's load average over a minute while it was measured: lowest and highest. */
  readonly load?: readonly [number, number]
  readonly machine: Machine
  readonly settings: BenchSettings
  readonly measurements: readonly Measurement[]
}
