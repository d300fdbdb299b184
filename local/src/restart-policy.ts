/** How a process ended: by itself with a code, or by a signal. */
export type Exit = { readonly code: number | null; readonly signal: string | null }

export type NextStep =
  | { readonly restart: true; readonly pauseMs: number }
  | { readonly restart: false; readonly outcome: 'done' | 'failed' }

export const shortestPauseMs = 250
export const longestPauseMs = 3_000
const steadyAfterMs = 10_000

/**
 * Decides what to do after an unexpected end of a part. Exit code 2 means wrong settings, which a restart cannot fix.
 * Exit code 0 ends a part that has an end (the producer). A part without an end is restarted (KafkaJS can end the
 * process of a crashed consumer with 0). The pause doubles from 250 ms to 3 s and is short again after 10 s of work.
 */
export const decideNextStep = ({
  exit,
  ranMs,
  lastPauseMs,
  hasEnd,
}: {
  readonly exit: Exit
  readonly ranMs: number
  /** 0 if there was none yet. */
  readonly lastPauseMs: number
  readonly hasEnd: boolean
}): NextStep => {
  if (exit.code === 2) return { restart: false, outcome: 'failed' }
  if (exit.code === 0 && hasEnd) return { restart: false, outcome: 'done' }
  const isSteady = lastPauseMs === 0 || ranMs >= steadyAfterMs
  return { restart: true, pauseMs: isSteady ? shortestPauseMs : Math.min(lastPauseMs * 2, longestPauseMs) }
}

/** `exit code 1` or `signal SIGKILL`. */
export const describeExit = ({ code, signal }: Exit): string =>
  signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`
