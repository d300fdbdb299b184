import { createRequire } from 'node:module'
import type * as Utc from '@date-fns/utc'
import { createZoneOffset, type Instant } from '@kafka-etl/common'
import type * as TimeZones from 'date-fns-tz'

/** Prints an instant as the servers of a zone do. */
export type FormatTimestamp = (instant: Instant) => string

/**
 * `%Y-%m-%d %H:%M:%S.%f %z` in a zone: `2024-02-05 10:01:52.884548 -0500`. The same on every host, for the years 0001
 * to 9999. It caches the text of the last second: at thousands of logs a second, most fall into the same one.
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
    // The leading 1 preserves leading zeros.
    const micros = String(1_000_000 + (epochMs - second * 1000) * 1000 + microsOfMs).slice(1)
    return `${last.date}.${micros} ${last.offset}`
  }
}

type SecondText = { readonly date: string; readonly offset: string }

/**
 * Does not use `formatInTimeZone`, which puts the zone's fields into a Date of the host's zone: an hour that the host
 * skips comes out an hour late (date-fns-tz #159). A UTCDate has every hour.
 */
const createFormatSecond = (zone: string): ((epochSeconds: number) => SecondText) => {
  const offsetAt = createZoneOffset(zone)
  // Only a producer prints dates; the other services do not load these modules.
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

/** The seconds in the offset of a local mean time: `%z` prints them, date-fns-tz omits them. */
const formatSecondsOfOffset = (offsetSeconds: number): string => {
  const seconds = Math.abs(offsetSeconds) % 60
  return seconds === 0 ? '' : String(seconds).padStart(2, '0')
}
