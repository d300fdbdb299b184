import type { Disk } from './file/disk.js'
import type { FullDisk } from './file/full-disk.js'
import type { ResultsFile } from './file/results-file.js'
import type { ResultHealth } from './health.js'
import type { ResultMetrics } from './metrics.js'
import type { ReaderContext } from './reader-context.js'
import type { ResultPlan } from './result-plan.js'
import type { RunOutcome } from './run-outcome.js'

/** The parts of the work on one result, once its file is open. */
export type ResultContext = {
  readonly context: ReaderContext
  readonly plan: ResultPlan
  /** The folder of the result. */
  readonly disk: Disk
  readonly results: ResultsFile
  readonly fullDisk: FullDisk
  readonly health: ResultHealth
  readonly metrics: ResultMetrics
  /** How the work on this result ends. */
  readonly outcome: RunOutcome
}
