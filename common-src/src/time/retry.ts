import type { Clock } from './clock.js'

/** When an attempt that has failed is made again. */
export type RetryPolicy = {
  /** The pause after the first failure. Each further pause is twice as long, up to `longestPauseMs`. */
  readonly firstPauseMs: number
  readonly longestPauseMs: number
  /** No attempt begins later than this after the first; without it there is no end. */
  readonly timeoutMs?: number
  /** Whether another attempt may help. The error of an attempt that is not repeated is thrown. */
  readonly isRetriable: (error: unknown) => boolean
  /** Called before each pause. */
  readonly onRetry?: (error: unknown, pauseMs: number) => void
  /** Once it is aborted, the pause ends and the last error is thrown. */
  readonly stopping?: AbortSignal
}

/** Makes the attempt until it succeeds or the policy gives up. */
export const retry = async <T>(attempt: () => Promise<T>, policy: RetryPolicy, clock: Clock): Promise<T> => {
  const { firstPauseMs, longestPauseMs, timeoutMs = Number.POSITIVE_INFINITY, isRetriable, onRetry, stopping } = policy
  const startedMs = clock.monotonicMs()
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      return await attempt()
    } catch (error) {
      const isTooLate = clock.monotonicMs() + pauseMs - startedMs > timeoutMs
      if (stopping?.aborted || isTooLate || !isRetriable(error)) throw error
      onRetry?.(error, pauseMs)
      await clock.sleep(pauseMs, stopping)
      if (stopping?.aborted) throw error
    }
  }
}
