/**
 * What an error says. Errors need not be instances of this realm's `Error`: Node's own are not if code runs in a realm
 * of its own.
 */
export const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)

/** The code that Node gives to errors of the system, such as `ENOENT`; undefined for others. */
export const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined

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
