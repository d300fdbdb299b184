/**
 * When the logs of a run are due. Log `i` of the run is due `i / rate` seconds after its start, whatever came before.
 */
export type Schedule = {
  /** How many logs are due `elapsedMs` after the start. */
  readonly dueCount: (elapsedMs: number) => number
  /** Milliseconds until more than `sent` logs are due, at most an hour; 0 if they are due already. */
  readonly pauseMs: (sent: number, elapsedMs: number) => number
}

/**
 * At high rates, many logs are sent together. A log gets its timestamp when it is sent: the pause delays no log, it
 * only makes requests fewer and larger.
 */
const shortestPauseMs = 10

/** A timer cannot be much longer, or it fires at once. After this pause, the schedule is checked again. */
const longestPauseMs = 3_600_000

/** `rate` is in logs per second; 0: all are due at once. */
export const createSchedule = (rate: number): Schedule =>
  rate === 0
    ? { dueCount: () => Number.POSITIVE_INFINITY, pauseMs: () => 0 }
    : {
        dueCount: (elapsedMs) => Math.floor((elapsedMs * rate) / 1000) + 1,
        pauseMs: (sent, elapsedMs) => {
          const dueInMs = (sent * 1000) / rate - elapsedMs
          return dueInMs <= 0 ? 0 : Math.min(Math.max(Math.ceil(dueInMs), shortestPauseMs), longestPauseMs)
        },
      }
