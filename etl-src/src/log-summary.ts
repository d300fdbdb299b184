import type { ConvertedBatch } from './convert-batch.js'

/** What happened since the last log line, for one line that sums it up. */
export type LogSummary = {
  readonly add: (topic: string, partition: number, converted: ConvertedBatch) => void
  /** Returns the line and starts afresh; undefined if nothing happened. */
  readonly take: (lagRecords: number, seconds: number) => SummaryLine | undefined
}

export type SummaryLine = {
  readonly fields: Readonly<Record<string, unknown>>
  readonly message: string
  readonly hasRejections: boolean
}

type Rejected = {
  readonly topic: string
  readonly partition: number
  readonly offset: string
  readonly reason: string
}

const whereOf = ({ topic, partition, offset }: Rejected) => ({ topic, partition, offset })

const nameOf = ({ topic, partition, offset, reason }: Rejected): string => `${topic}/${partition}/${offset} (${reason})`

export const createLogSummary = (): LogSummary => {
  let written = new Map<string, number>()
  let reasons = new Map<string, number>()
  let drops = new Map<string, number>()
  let warnings = new Map<string, number>()
  let lastRejected: Rejected | undefined
  return {
    add: (topic, partition, converted) => {
      const { outputCount, rejected, dropped, warned, lastRejection } = converted
      if (outputCount > 0) count(written, topic, outputCount)
      for (const [reason, times] of rejected) count(reasons, reason, times)
      for (const [why, times] of dropped) count(drops, why, times)
      for (const [warning, times] of warned) count(warnings, warning, times)
      if (lastRejection) lastRejected = { topic, partition, ...lastRejection, offset: String(lastRejection.offset) }
    },
    take: (lagRecords, seconds) => {
      const rejected = total(reasons)
      const records = total(written)
      const dropped = total(drops)
      if (rejected + records + dropped === 0) return undefined
      const rate = Math.round((records + rejected + dropped) / seconds)
      const sentences = [
        ...(records > 0 ? [`wrote ${records} ${records === 1 ? 'record' : 'records'} (${list(written)})`] : []),
        ...(lastRejected ? [`rejected ${rejected} (${list(reasons)}), last ${nameOf(lastRejected)}`] : []),
        ...(dropped > 0 ? [`dropped ${dropped} (${list(drops)})`] : []),
        ...(warnings.size > 0 ? [`warnings for ${list(warnings)}`] : []),
        `${rate}/s, lag ${lagRecords}`,
      ]
      const fields = {
        records,
        rejected,
        ...(dropped > 0 ? { dropped } : {}),
        rate,
        lag: lagRecords,
        ...(lastRejected && whereOf(lastRejected)),
        ...Object.fromEntries(reasons),
        ...Object.fromEntries(drops),
        ...Object.fromEntries(warnings),
      }
      written = new Map()
      reasons = new Map()
      drops = new Map()
      warnings = new Map()
      lastRejected = undefined
      return { fields, message: sentences.join('; '), hasRejections: rejected > 0 }
    },
  }
}

const count = <Key>(counts: Map<Key, number>, key: Key, times: number): void => {
  counts.set(key, (counts.get(key) ?? 0) + times)
}

const total = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, times) => sum + times, 0)

const list = (counts: ReadonlyMap<string, number>): string =>
  [...counts].map(([name, times]) => `${name}: ${times}`).join(', ')
