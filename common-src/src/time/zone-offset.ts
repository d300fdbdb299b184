/**
 * The offset of a zone from UTC in whole seconds, east positive, at an instant in whole seconds since 1970. Exact for
 * the years 0001 to 9999, including local mean times with seconds.
 */
export type ZoneOffset = (epochSeconds: number) => number

/**
 * Nearly every clock change falls on a UTC quarter of an hour. Buckets that contain any other change are not cached.
 */
const bucketSeconds = 900

/** The number of cached buckets: some months of logs, or 64 KiB. */
const cacheSize = 8192

/** Marks a bucket within which the offset changes. */
const changesWithin = Number.NaN

/**
 * The offsets of one zone, cached by quarter of an hour: a stream of logs asks for the same one again and again. Throws
 * a RangeError if the runtime does not know the zone.
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

/** The format in which Intl prints an offset: `GMT-05:00`, `GMT-04:56:02`, `GMT`. */
const offsetFormat = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/

/**
 * The offset according to the runtime's own time zone data. It does not use date-fns-tz: `getTimezoneOffset` there
 * reads a Date's fields in the host's zone as local time, and its result depends on the host (date-fns-tz #159).
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
