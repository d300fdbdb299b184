import { createRequire } from 'node:module'
import type * as Utc from '@date-fns/utc'
import { createZoneOffset, type Instant } from '@kafka-etl/common'
import type * as TimeZones from 'date-fns-tz'

/** An instant as the servers of a zone print it. */
export type FormatTimestamp = (instant: Instant) => string

/**
 * `%Y-%m-%d %H:%M:%S.%f %z` in a zone: `2024-02-05 10:01:52.884548 -0500`. The same on every host, for the years 0001
 * to 9999. What a second prints is remembered, since at thousands of logs a second most fall into the same one.
 */
export const createFormatTimestamp = (zone: string): FormatTimestamp => {
  const formatSecond = createFormatSecond(zone)
  let lastSecond = Number.NaN
  let last: SecondText = { date: '', offset: '' }
  return ({ epochMs, microsOfMs }) => {
    const second = Math.floor(epochMs / 1000)
    if (second !== lastSecond) {
      last = formatSecond(second)
      lastSecond = second
    }
    // The leading 1 keeps the zeros in front.
    const micros = String(1_000_000 + (epochMs - second * 1000) * 1000 + microsOfMs).slice(1)
    return `${last.date}.${micros} ${last.offset}`
  }
}

type SecondText = { readonly date: string; readonly offset: string }

/**
 * Not `formatInTimeZone`: it passes the zone's fields on in a Date of the host's zone, so that an hour which the host
 * skips comes out an hour late (date-fns-tz #159). A UTCDate has every hour.
 */
const createFormatSecond = (zone: string): ((epochSeconds: number) => SecondText) => {
  const offsetAt = createZoneOffset(zone)
  // Only a producer prints dates: the other services need not load what it takes.
  const load = createRequire(import.meta.url)
  const { UTCDate } = load('@date-fns/utc') as typeof Utc
  const { format } = load('date-fns-tz') as typeof TimeZones
  return (epochSeconds) => {
    const offsetSeconds = offsetAt(epochSeconds)
    const fields = new UTCDate((epochSeconds + offsetSeconds) * 1000)
    const options = { timeZone: zone, originalDate: new Date(epochSeconds * 1000) }
    const [date = '', offset = ''] = format(fields, 'yyyy-MM-dd HH:mm:ss|xx', options).split('|')
    return { date, offset: offset + formatSecondsOfOffset(offsetSeconds) }
  }
}

/** Local mean times have seconds in their offset, which `%z` prints and date-fns-tz leaves out. */
const formatSecondsOfOffset = (offsetSeconds: number): string => {
  const seconds = Math.abs(offsetSeconds) % 60
  return seconds === 0 ? '' : String(seconds).padStart(2, '0')
}
