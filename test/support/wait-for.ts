import { setTimeout as sleep } from 'node:timers/promises'

/**
 * What to wait for: `what` completes the sentence "Waited … ms for …"; polled every `everyMs` (50) until `deadlineMs`
 * (30,000) have passed.
 */
export type WaitOptions = { readonly what: string; readonly deadlineMs?: number; readonly everyMs?: number }

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/**
 * Polls until the condition returns something other than `false` or `undefined`, and returns that. A condition that
 * throws counts as not met. Fails with what it waited for and the last error.
 */
export const waitFor = async <T>(
  condition: () => T | false | undefined | Promise<T | false | undefined>,
  { what, deadlineMs = 30_000, everyMs = 50 }: WaitOptions,
): Promise<T> => {
  const startMs = performance.now()
  for (;;) {
    let last = ''
    try {
      const value = await condition()
      if (value !== false && value !== undefined) return value
    } catch (error) {
      last = `; last error: ${describe(error)}`
    }
    const waitedMs = performance.now() - startMs
    if (waitedMs >= deadlineMs) throw new Error(`Waited ${Math.round(waitedMs)} ms for ${what}, in vain${last}`)
    await sleep(everyMs)
  }
}

/** The promise's value, or a failure that names what was awaited once `deadlineMs` (30,000) have passed. */
export const within = async <T>(promise: Promise<T>, { what, deadlineMs = 30_000 }: WaitOptions): Promise<T> => {
  const expired = new AbortController()
  const expiry = sleep(deadlineMs, undefined, { signal: expired.signal }).then(() => {
    throw new Error(`Waited ${deadlineMs} ms for ${what}, in vain`)
  })
  expiry.catch(() => undefined)
  try {
    return await Promise.race([promise, expiry])
  } finally {
    expired.abort()
  }
}
