/**
 * What an error says. Errors need not be instances of this realm's `Error`: Node's own are not where code runs in a
 * realm of its own.
 */
export const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)
