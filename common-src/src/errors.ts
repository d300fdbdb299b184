/**
 * The message of an error. An error need not be an instance of this realm's `Error`: if code runs in another realm,
 * Node's own errors are not.
 */
export const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)

/** The code of a Node system error, such as `ENOENT`; undefined for other errors. */
export const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined

/** Rejects if `promise` has not settled within `timeoutMs`. Ignores what the promise does after that. */
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
