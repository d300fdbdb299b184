/** What is known about one job's restarts. */
export type RestartRecord = {
  /** Flink's own count, which starts over with each JobManager. */
  readonly counted: number
  /** Restarts since the last completed checkpoint; a job that makes progress has 0. */
  readonly sinceCheckpoint: number
  readonly lastCheckpointAtMs: number
}

/** From this count on, a job restarts endlessly. Fewer restarts may only mean that something was killed once. */
export const endlessAfter = 3

export const noRestarts: RestartRecord = { counted: 0, sinceCheckpoint: 0, lastCheckpointAtMs: 0 }

/** The record after another inspection, and how many restarts are new. */
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
