import { isUtf8 } from 'node:buffer'
import { createZoneOffset, formatEpochMs, type Instant, type ZoneOffset } from '@kafka-etl/common'
import { formatOffset } from './format-offset.js'
import { parseIsoDate, type DateForms } from './iso-date.js'
import { resolveLocalTime, type LocalTimePolicy } from './local-time.js'
import type { Outcome } from './outcome.js'
import { parseDate, type ParsedDate } from './parse-date.js'
import { readPlainLog } from './plain-log.js'
import { quote } from './quote.js'
import { readLog, type Log } from './read-log.js'
import { reject, type Rejection } from './reasons.js'

/** What to do with an offset that the topic's zone did not have at that instant. */
export type ZoneCheck = 'off' | 'warn' | 'reject'

/** How to read the records of one topic, in its zone. */
export type NormalizeRules = {
  readonly zone: string
  readonly offsetAt: ZoneOffset
  readonly localTime: LocalTimePolicy
  readonly zoneCheck: ZoneCheck
  /** Default: `strict`. */
  readonly dates?: DateForms
}

export const createRules = (rules: Omit<NormalizeRules, 'offsetAt'>): NormalizeRules => ({
  ...rules,
  offsetAt: createZoneOffset(rules.zone),
})

/** From one record's value, `{"date":…,"message":…}`, to the output's text; `handledAtMs` becomes its `time`. */
export const normalize = (value: Buffer | null, handledAtMs: number, rules: NormalizeRules): Outcome => {
  const log = (value && readPlainLog(value)) ?? readAnyLog(value)
  if (!log.ok) return log
  const date = rules.dates === 'iso' ? parseIsoDate(log.date) : parseDate(log.date)
  if (!date.ok) return date
  const event =
    date.offsetSeconds === undefined
      ? placeInZone(date, log.date, rules)
      : placeByOffset(date, date.offsetSeconds, rules)
  if (!event.ok) return event
  const { epochMs, microsOfMs } = event.instant
  const output = {
    ok: true,
    value: formatOutput(event.instant, log.readMessage(), handledAtMs),
    eventTimeMs: epochMs + microsOfMs / 1000,
  } as const
  return event.isMismatch ? { ...output, warning: 'zone_mismatch' } : output
}

const readAnyLog = (value: Buffer | null): Log | Rejection => {
  const text = decode(value)
  return text.ok ? readLog(text.value) : text
}

const decode = (value: Buffer | null): { readonly ok: true; readonly value: string } | Rejection => {
  if (value === null) return reject('value_empty', 'Expected a value, got none (a tombstone)')
  if (value.length === 0) return reject('value_empty', 'Expected a value, got 0 bytes')
  if (!isUtf8(value)) return reject('value_not_utf8', `Expected UTF-8, got ${value.length} bytes that are not`)
  return { ok: true, value: value.toString('utf8') }
}

type Placed = { readonly ok: true; readonly instant: Instant; readonly isMismatch: boolean } | Rejection

const placeInZone = ({ localSeconds, micros }: ParsedDate, text: string, rules: NormalizeRules): Placed => {
  const local = resolveLocalTime(localSeconds, rules.offsetAt, rules.localTime)
  if (local.ok) return { ok: true, instant: toInstant(local.epochSeconds, micros), isMismatch: false }
  const [first, second] = local.offsets.map(formatOffset)
  const message =
    local.reason === 'local_time_ambiguous'
      ? `Expected an offset, since ${rules.zone} had this time twice (${first} and ${second}), got ${quote(text)}`
      : `Expected a time that ${rules.zone} had, got ${quote(text)}, which its change from ${first} to ${second} skipped`
  return reject(local.reason, message)
}

const placeByOffset = ({ localSeconds, micros }: ParsedDate, offsetSeconds: number, rules: NormalizeRules): Placed => {
  const epochSeconds = localSeconds - offsetSeconds
  const instant = toInstant(epochSeconds, micros)
  if (rules.zoneCheck === 'off') return { ok: true, instant, isMismatch: false }
  const zoneOffset = rules.offsetAt(epochSeconds)
  const isMismatch = zoneOffset !== offsetSeconds
  if (!isMismatch || rules.zoneCheck === 'warn') return { ok: true, instant, isMismatch }
  return reject(
    'zone_mismatch',
    `Expected the offset ${formatOffset(zoneOffset)} that ${rules.zone} had at that instant, got ${formatOffset(offsetSeconds)}`,
  )
}

const toInstant = (epochSeconds: number, micros: number): Instant => {
  const wholeMs = Math.floor(micros / 1000)
  return { epochMs: epochSeconds * 1000 + wholeMs, microsOfMs: micros - wholeMs * 1000 }
}

const formatOutput = (instant: Instant, message: string, handledAtMs: number): string =>
  `{"timestamp":${formatEpochMs(instant)},"message":${JSON.stringify(message)},"time":${handledAtMs},"diff":1}`
