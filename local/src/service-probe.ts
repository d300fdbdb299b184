import type { Probe } from './broker/probe.js'

const answerMs = 2_000

/** A service's `/ready`: 200, or the reason it gives. */
export const probeService = async (port: number): Promise<Probe> => {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/ready`, { signal: AbortSignal.timeout(answerMs) })
    if (response.ok) return { ok: true }
    const body: unknown = await response.json()
    const reason =
      typeof body === 'object' && body !== null && 'reason' in body ? String(body.reason) : response.statusText
    return { ok: false, reason }
  } catch (error) {
    return { ok: false, reason: `/ready does not answer on port ${port} (${causeOf(error)})` }
  }
}

/** The text of a service's `/metrics`; undefined if it does not respond. */
export const fetchMetrics = async (port: number): Promise<string | undefined> => {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(answerMs) })
    return response.ok ? await response.text() : undefined
  } catch {
    return undefined
  }
}

const causeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message
}
