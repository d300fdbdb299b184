import type { Clock, Input, Logger } from '@kafka-etl/common'
import type { Batch } from './plan-round.js'
import { formatSent, summarize } from './report.js'

/** Logs what was sent: a line a second at most. */
export type SentLog = {
  readonly add: (batches: readonly Batch[]) => void
  /** Writes the line for what no line has said yet. */
  readonly flush: () => void
}

/** A little less than a second, so that a log a second gets a line each although timers are late or early by some ms. */
const lineEveryMs = 900

export const createSentLog = (logger: Logger, clock: Clock, inputs: readonly Input[]): SentLog => {
  let untold: readonly Batch[] = []
  let lastLineMs = Number.NEGATIVE_INFINITY
  const flush = (): void => {
    if (untold.length === 0) return
    logger.info(formatSent(summarize(untold, inputs.length), inputs))
    untold = []
    lastLineMs = clock.monotonicMs()
  }
  return {
    add: (batches) => {
      untold = [...untold, ...batches]
      if (clock.monotonicMs() - lastLineMs >= lineEveryMs) flush()
    },
    flush,
  }
}
