import { codeOf, messageOf, type Clock, type Logger } from '@kafka-etl/common'
import type { ResultMetrics } from '../metrics.js'
import type { OpenFile } from './disk.js'

/** Called if there is no space left; resolves when it is time to retry, rejects to give up. */
export type WaitForSpace = (error: unknown, attempt: number) => Promise<void>

/** Writes all of `bytes`, in as many calls as needed. Throws with the code ENOSPC if nothing more fits. */
export const writeFully = async (file: OpenFile, bytes: Buffer, position: number): Promise<void> => {
  for (let done = 0; done < bytes.length;) {
    const written = await file.write(bytes.subarray(done), position + done)
    if (written === 0) throw Object.assign(new Error('ENOSPC: nothing was written'), { code: 'ENOSPC' })
    done += written
  }
}

/** Repeats `operation` for as long as the disk, or the user's quota, is full. */
export const untilSpace = async <Result>(
  operation: () => Promise<Result>,
  waitForSpace: WaitForSpace,
): Promise<Result> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await operation()
    } catch (error) {
      if (!isFull(error)) throw error
      await waitForSpace(error, attempt)
    }
  }
}

const isFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '')

/** Pauses the reader while its disk is full. */
export type FullDisk = {
  readonly waitForSpace: WaitForSpace
  readonly isPaused: () => boolean
  /** Call this when there is space again. */
  readonly resume: () => void
  /** Sets the heartbeat that keeps the group membership alive while nothing is read. */
  readonly keepAliveBy: (heartbeat: () => Promise<void>) => void
}

export type FullDiskOptions = {
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Pick<ResultMetrics, 'paused'>
  readonly stopping: AbortSignal
  readonly folder: string
  /** The file that waits for space, within RESULTS_DIR. */
  readonly path: string
}

const firstPauseMs = 250
/** Shorter than the session timeout, since a heartbeat is sent between two pauses. */
const longestPauseMs = 2_000
const attemptsPerLine = 15

export const createFullDisk = ({ clock, logger, metrics, stopping, folder, path }: FullDiskOptions): FullDisk => {
  let isPaused = false
  let heartbeat = (): Promise<void> => Promise.resolve()
  return {
    waitForSpace: async (error, attempt) => {
      isPaused = true
      metrics.paused.set(1)
      if (attempt % attemptsPerLine === 1) {
        logger.error({ folder }, `paused: no space for ${path} (${messageOf(error)}); waiting for space`)
      }
      await clock.sleep(Math.min(firstPauseMs * 2 ** Math.min(attempt - 1, 10), longestPauseMs), stopping)
      if (stopping.aborted) throw new Error('stopped while the disk was full')
      // The next fetch notices a lost membership.
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
