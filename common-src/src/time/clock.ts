import { setTimeout as sleepFor } from 'node:timers/promises'
import type { Instant } from './instant.js'

/** The only source of time. It is injected everywhere, and tests can set it. */
export type Clock = {
  /** Wall clock time in whole milliseconds since 1970. */
  readonly epochMs: () => number
  /** Wall clock time with microseconds. */
  readonly now: () => Instant
  /** Milliseconds that never go back; for pauses, rates and deadlines. */
  readonly monotonicMs: () => number
  /** Resolves after `ms`, or at once if `signal` is aborted; never rejects. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
}

/**
 * The machine's clock. It takes microseconds from the monotonic clock. If that clock and the wall clock have drifted
 * apart by more than 2 ms, because the wall clock was set or slewed, it measures their distance again.
 */
export const createSystemClock = (): Clock => {
  let offsetMs = Date.now() - performance.now()
  const now = (): Instant => {
    const wallMs = Date.now()
    const ms = offsetMs + performance.now()
    if (ms < wallMs - 1 || ms > wallMs + 2) offsetMs = wallMs - performance.now()
    const micros = Math.floor((offsetMs + performance.now()) * 1000)
    const epochMs = Math.floor(micros / 1000)
    return { epochMs, microsOfMs: micros - epochMs * 1000 }
  }
  return {
    epochMs: Date.now,
    now,
    monotonicMs: () => performance.now(),
    sleep: async (ms, signal) => {
      await sleepFor(ms, undefined, signal ? { signal } : {}).catch((error: unknown) => {
        if (!signal?.aborted) throw error
      })
    },
  }
}
