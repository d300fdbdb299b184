import type { Probe } from '../broker/probe.js'

const answerMs = 2_000

export const registryUrlOf = (port: number): string => `http://127.0.0.1:${port}/apis/ccompat/v7`

/** Whether the registry responds to a client's request. */
export const probeRegistry = async (port: number): Promise<Probe> => {
  try {
    const response = await fetch(`${registryUrlOf(port)}/subjects`, { signal: AbortSignal.timeout(answerMs) })
    await response.arrayBuffer()
    // It may require a password.
    if (response.ok || response.status === 401) return { ok: true }
    return { ok: false, reason: `the registry answers ${response.status}` }
  } catch {
    return { ok: false, reason: `the registry does not answer on port ${port}` }
  }
}
