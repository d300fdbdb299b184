/** How a run ends: the first call decides whether it ended well. */
export type RunOutcome = {
  /** Aborted as soon as the run should end, for whatever reason. */
  readonly signal: AbortSignal
  readonly finish: () => void
  readonly fail: (error: unknown) => void
  /** Resolves if the run was finished or asked to stop, rejects with the error if it failed. */
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
  // It may reject before anything awaits it.
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
