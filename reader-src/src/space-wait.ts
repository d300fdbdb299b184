import { messageOf, type Clock, type Logger } from '@kafka-etl/common'
import type { Ending } from './ending.js'
import type { ReaderMetrics } from './metrics.js'
import type { WaitForSpace } from './write.js'

export type SpaceWait = {
  readonly wait: WaitForSpace
  readonly isPaused: () => boolean
  /** Space was found again. */
  readonly resume: () => void
  /** What keeps the group's membership alive while nothing else does. */
  readonly keepAliveBy: (heartbeat: () => Promise<void>) => void
}

export type SpaceWaitOptions = {
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: ReaderMetrics
  readonly ending: Ending
  readonly folder: string
}

const firstPauseMs = 250
/** Shorter than the session's timeout, since a heartbeat is sent between two pauses. */
const longestPauseMs = 2_000
const attemptsPerLine = 15

/** Pauses the reader, with growing pauses, for as long as its disk is full. */
export const createSpaceWait = ({ clock, logger, metrics, ending, folder }: SpaceWaitOptions): SpaceWait => {
  let isPaused = false
  let heartbeat = (): Promise<void> => Promise.resolve()
  return {
    wait: async (error, attempt) => {
      isPaused = true
      metrics.paused.set(1)
      if (attempt % attemptsPerLine === 1) {
        logger.error({ folder }, `paused: no space for results.csv (${messageOf(error)}); waiting for space`)
      }
      await clock.sleep(Math.min(firstPauseMs * 2 ** Math.min(attempt - 1, 10), longestPauseMs), ending.signal)
      if (ending.signal.aborted) throw new Error('stopped while the disk was full')
      // A lost membership shows at the next fetch.
      await heartbeat().catch(() => undefined)
    },
    isPaused: () => isPaused,
    resume: () => {
      if (!isPaused) return
      isPaused = false
      metrics.paused.set(0)
      logger.info({ folder }, 'resumed: there is space again')
    },
    keepAliveBy: (next) => {
      heartbeat = next
    },
  }
}
