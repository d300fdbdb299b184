import type { Clock } from './clock.js'

/** When to retry a failed attempt. */
export type RetryPolicy = {
  /** The pause after the first failure. Each further pause is twice as long, up to `longestPauseMs`. */
  readonly firstPauseMs: number
  readonly longestPauseMs: number
  /** No attempt begins later than this after the first one. If absent, retries never end. */
  readonly timeoutMs?: number
  /** Whether another attempt may help. If not, `retry` throws the error. */
  readonly isRetriable: (error: unknown) => boolean
  /** Called before each pause. */
  readonly onRetry?: (error: unknown, pauseMs: number) => void
  /** Aborting it ends the pause and throws the last error. */
  readonly stopping?: AbortSignal
}

/** Repeats the attempt until it succeeds or the policy gives up. */
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
