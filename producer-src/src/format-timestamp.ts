import { createZoneOffset, formatOffset, type Instant } from '@kafka-etl/common'

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

/** The zone's clock as UTC's fields: no Date of the host's zone, which may skip an hour that this zone has. */
const createFormatSecond = (zone: string): ((epochSeconds: number) => SecondText) => {
  const offsetAt = createZoneOffset(zone)
  return (epochSeconds) => {
    const offsetSeconds = offsetAt(epochSeconds)
    const local = new Date((epochSeconds + offsetSeconds) * 1000).toISOString()
    return { date: local.slice(0, 19).replace('T', ' '), offset: formatOffset(offsetSeconds) }
  }
}
