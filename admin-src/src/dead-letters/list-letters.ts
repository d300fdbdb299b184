import { printable } from '@kafka-etl/common'
import { formatSource } from '@kafka-etl/kafka'
import type { ConnectedContext } from '../context.js'
import { formatDate } from '../format-date.js'
import type { Report } from '../report.js'
import { formatTable } from '@kafka-etl/common'
import { type DeadLetter } from './letter.js'
import { readLetters } from './read-letters.js'
import { requireReasons } from './reasons.js'

/** A letter in the list, without its bytes, which could be too many to keep. */
type ListedLetter = Omit<DeadLetter, 'key' | 'value' | 'headers'>

export type ListOptions = { readonly reasons: readonly string[]; readonly limit: number }

type Listing = { readonly counts: ReadonlyMap<string, number>; readonly newest: readonly ListedLetter[] }

/** `dead-letters list`: how many letters there are for each reason, and the newest of them. */
export const reportLetters = async (context: ConnectedContext, options: ListOptions): Promise<Report> => {
  requireReasons(context.pipeline, options.reasons)
  const { counts, newest } = await collect(context, options)
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  return {
    text: format(counts, newest, total),
    json: { total, reasons: Object.fromEntries(counts), letters: newest.map(toJson) },
    exitCode: 0,
  }
}

const collect = async (context: ConnectedContext, { reasons, limit }: ListOptions): Promise<Listing> => {
  const counts = new Map<string, number>()
  const latest = new Map<number, ListedLetter[]>()
  await readLetters(context, (letter) => {
    const reason = letter.reason ?? '(none)'
    if (reasons.length > 0 && !reasons.includes(reason)) return
    counts.set(reason, (counts.get(reason) ?? 0) + 1)
    const ofPartition = latest.get(letter.partition) ?? []
    latest.set(letter.partition, ofPartition)
    ofPartition.push(toListed(letter))
    if (ofPartition.length > limit) ofPartition.shift()
  })
  const newest = [...latest.values()].flat().toSorted((one, other) => rejectedAt(one) - rejectedAt(other))
  return { counts, newest: newest.slice(-limit) }
}

const toListed = ({ topic, partition, offset, source, reason, message, ...letter }: DeadLetter): ListedLetter => {
  const { rejectedAtMs, originalSize, replayOf } = letter
  return { topic, partition, offset, source, reason, message, rejectedAtMs, originalSize, replayOf }
}

const rejectedAt = ({ rejectedAtMs }: ListedLetter): number => rejectedAtMs ?? 0

const format = (counts: ReadonlyMap<string, number>, newest: readonly ListedLetter[], total: number): string => {
  if (total === 0) return 'No dead letter.'
  const table = formatTable(
    ['LETTER', 'REASON', 'SOURCE', 'REJECTED AT', 'MESSAGE'],
    newest.map((letter) => [
      `${letter.partition}/${letter.offset}`,
      letter.reason === undefined ? '-' : printable(letter.reason),
      letter.source ? formatSource(letter.source) : '-',
      formatDate(letter.rejectedAtMs),
      shorten(printable(letter.message)),
    ]),
  )
  const shown = newest.length < total ? `the newest ${newest.length} of them shown` : 'all of them shown'
  const reasons = [...counts].map(([reason, count]) => `${printable(reason)} ${count}`).join(', ')
  return `${table}\n${total} dead ${total === 1 ? 'letter' : 'letters'} (${reasons}), ${shown}.`
}

const shorten = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}…` : text)

const toJson = (letter: ListedLetter): unknown => ({
  partition: letter.partition,
  offset: letter.offset,
  reason: letter.reason ?? null,
  source: letter.source ? formatSource(letter.source) : null,
  rejectedAtMs: letter.rejectedAtMs ?? null,
  message: letter.message,
  originalSize: letter.originalSize ?? null,
  replayOf: letter.replayOf ?? null,
})
