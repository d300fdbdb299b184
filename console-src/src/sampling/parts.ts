import type { Address } from '@kafka-etl/common'
import { messageOf } from '@kafka-etl/common'
import type { PartState } from '../protocol.js'

const answerMs = 1_500
const mostBytes = 1_048_576

/** Asks each service for its state. If one does not answer, it has ended, or was never started. */
export const askParts = (services: readonly Address[]): Promise<readonly PartState[]> =>
  Promise.all(services.map(askPart))

const askPart = async ({ name, url }: Address): Promise<PartState> => {
  const base = { name, rows: undefined, waiting: undefined }
  try {
    const ready = await ask(`${url}/ready`)
    const metrics = name === 'reader' ? await ask(`${url}/metrics`) : undefined
    const rows = sumMetric(metrics?.text ?? '', 'reader_rows_written_total')
    const waiting = sumMetric(metrics?.text ?? '', 'reader_consumer_lag_records')
    if (ready.status === 200) return { ...base, state: 'ready', reason: '', rows, waiting }
    return { ...base, state: 'failing', reason: reasonOf(ready.text), rows, waiting }
  } catch (error) {
    return { ...base, state: 'silent', reason: messageOf(error) }
  }
}

const ask = async (url: string): Promise<{ readonly status: number; readonly text: string }> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(answerMs), redirect: 'error' })
  const text = await response.text()
  return { status: response.status, text: text.slice(0, mostBytes) }
}

const reasonOf = (text: string): string => {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null && 'reason' in body ? String(body.reason).slice(0, 300) : ''
  } catch {
    return ''
  }
}

/** The sum of a metric over its labels, in Prometheus text format; undefined if there is none. */
export const sumMetric = (text: string, name: string): number | undefined => {
  const values = text
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)))
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0)
}
