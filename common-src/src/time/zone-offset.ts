/**
 * The offset of a zone from UTC in whole seconds, east positive, at an instant given in whole seconds since 1970.
 * Exact for the years 0001 to 9999, local mean times with their seconds included.
 */
export type ZoneOffset = (epochSeconds: number) => number

/** Nearly every clock change falls on a quarter of an hour of UTC; buckets that hold another one are not cached. */
const bucketSeconds = 900

/** Of buckets, in all: some months of logs, or 64 KiB. */
const cacheSize = 8192

/** A bucket within which the offset changes. */
const changesWithin = Number.NaN

/**
 * The offsets of one zone, remembered by quarter of an hour: a stream of logs asks for the same one again and again.
 * Throws a RangeError where the runtime knows no such zone.
 */
export const createZoneOffset = (zone: string): ZoneOffset => {
  const read = createUncachedZoneOffset(zone)
  const offsets = new Map<number, number>()
  let lastBucket = Number.NaN
  let lastOffset = 0

  const readBucket = (bucket: number): number => {
    const start = bucket * bucketSeconds
    const offset = read(start)
    return offset === read(start + bucketSeconds - 1) ? offset : changesWithin
  }

  const lookUp = (bucket: number): number => {
    const known = offsets.get(bucket)
    if (known !== undefined) return known
    if (offsets.size >= cacheSize) offsets.clear()
    const offset = readBucket(bucket)
    offsets.set(bucket, offset)
    return offset
  }

  return (epochSeconds) => {
    const bucket = Math.floor(epochSeconds / bucketSeconds)
    if (bucket === lastBucket) return lastOffset
    const offset = lookUp(bucket)
    if (Number.isNaN(offset)) return read(epochSeconds)
    lastBucket = bucket
    lastOffset = offset
    return offset
  }
}

/** The text that Intl prints for an offset: `GMT-05:00`, `GMT-04:56:02`, `GMT`. */
const offsetFormat = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/

/**
 * The offset as the runtime's own time zone data has it. Not through date-fns-tz: its `getTimezoneOffset` takes a
 * Date's fields in the host's zone for local time, so that the answer depends on the host (date-fns-tz #159).
 */
export const createUncachedZoneOffset = (zone: string): ZoneOffset => {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset', year: 'numeric' })
  return (epochSeconds) => {
    const [, sign, hours = '0', minutes = '0', seconds = '0'] =
      offsetFormat.exec(format.format(epochSeconds * 1000)) ?? []
    const offset = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
    return sign === '-' ? -offset : offset
  }
}
