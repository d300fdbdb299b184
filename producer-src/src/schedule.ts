/** When the logs of a run are due. Log `i` of the run is due `i / rate` seconds after its start, whatever came before. */
export type Schedule = {
  /** How many logs are due `elapsedMs` after the start. */
  readonly dueCount: (elapsedMs: number) => number
  /** Milliseconds until one more than `sent` logs are due, at most an hour; 0 if they are. */
  readonly pauseMs: (sent: number, elapsedMs: number) => number
}

/**
 * Many logs a millisecond are sent together, not one by one. A log is stamped when it is sent, so that the pause
 * delays no log, it only makes fewer and larger requests.
 */
const shortestPauseMs = 10

/** Longer than a timer can be, and it would fire at once. After this, it is looked at again. */
const longestPauseMs = 3_600_000

/** `rate` in logs a second; 0: all are due at once. */
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
