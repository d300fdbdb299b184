/** How a run ends: the first call decides whether it ended well. */
export type RunOutcome = {
  /** Aborted as soon as the run is to end, for whatever reason. */
  readonly signal: AbortSignal
  readonly finish: () => void
  readonly fail: (error: unknown) => void
  /** Resolves when the run was finished or asked to stop, rejects with what it failed for. */
  readonly settled: Promise<void>
}

export const createRunOutcome = (stopping: AbortSignal): RunOutcome => {
  const controller = new AbortController()
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  const finish = (): void => {
    controller.abort()
    resolve(undefined)
  }
  if (stopping.aborted) finish()
  stopping.addEventListener('abort', finish, { once: true })
  // It may fail while nobody waits for it yet.
  promise.catch(() => undefined)
  return {
    signal: controller.signal,
    finish,
    fail: (error) => {
      controller.abort()
      reject(error instanceof Error ? error : new Error(String(error)))
    },
    settled: promise,
  }
}
