/** What is known of one job's restarts. */
export type RestartRecord = {
  /** Flink's own count, which begins anew with each JobManager. */
  readonly counted: number
  /** Restarts since the last checkpoint that was completed: a job that makes progress has 0. */
  readonly sinceCheckpoint: number
  readonly lastCheckpointAtMs: number
}

/** From then on a job restarts without end, rather than once because something was killed. */
export const endlessAfter = 3

export const noRestarts: RestartRecord = { counted: 0, sinceCheckpoint: 0, lastCheckpointAtMs: 0 }

/** The record after one more look, and how many restarts are new in it. */
export const countRestarts = (
  before: RestartRecord,
  { restarts, lastCheckpointAtMs }: { readonly restarts: number; readonly lastCheckpointAtMs: number },
): { readonly record: RestartRecord; readonly added: number } => {
  const added = restarts >= before.counted ? restarts - before.counted : restarts
  const hasProgressed = lastCheckpointAtMs > before.lastCheckpointAtMs
  const sinceCheckpoint = hasProgressed ? 0 : before.sinceCheckpoint + added
  return { record: { counted: restarts, sinceCheckpoint, lastCheckpointAtMs }, added }
}

export const restartsWithoutEnd = ({ sinceCheckpoint }: RestartRecord): boolean => sinceCheckpoint >= endlessAfter
