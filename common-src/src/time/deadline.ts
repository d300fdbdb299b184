/** Rejects when `promise` has not settled within `timeoutMs`; what it does later is ignored. */
export const withDeadline = async <T>(promise: Promise<T>, timeoutMs: number, expected: string): Promise<T> => {
  const { promise: expired, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new Error(`expected ${expected} within ${Number((timeoutMs / 1000).toFixed(1))} s, got no answer`)),
    timeoutMs,
  )
  try {
    return await Promise.race([promise, expired])
  } finally {
    clearTimeout(timer)
  }
}
