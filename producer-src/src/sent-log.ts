import type { Clock, Input, Logger } from '@kafka-etl/common'
import type { Batch } from './plan-round.js'
import { formatSent } from './report.js'

/** Logs what was sent: a line a second at most. */
export type SentLog = {
  readonly add: (batch: Batch) => void
  /** Writes the line for what no line has said yet. */
  readonly flush: () => void
}

/** A little less than a second, so that a log a second gets a line each although timers are late or early by some ms. */
const lineEveryMs = 900

export const createSentLog = (logger: Logger, clock: Clock, inputs: readonly Input[]): SentLog => {
  let indexes: number[] = []
  let perInput = inputs.map(() => 0)
  let lastLineMs = Number.NEGATIVE_INFINITY
  const flush = (): void => {
    const [first, last] = [indexes[0], indexes[1]]
    if (first === undefined || last === undefined) return
    logger.info(formatSent({ first, last, perInput }, inputs))
    indexes = []
    perInput = inputs.map(() => 0)
    lastLineMs = clock.monotonicMs()
  }
  return {
    add: ({ inputIndex, indexes: sent }) => {
      indexes = [Math.min(...indexes.slice(0, 1), sent[0] ?? 0), Math.max(...indexes.slice(1), sent.at(-1) ?? 0)]
      perInput[inputIndex] = (perInput[inputIndex] ?? 0) + sent.length
      if (clock.monotonicMs() - lastLineMs >= lineEveryMs) flush()
    },
    flush,
  }
}
