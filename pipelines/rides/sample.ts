import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SampleRecord } from '@kafka-etl/pipeline'
import type { AvroRide, JsonRide } from './formats.js'
import { makeRide } from './make-ride.js'
import { parseLocalDatetime } from './local-datetime.js'
import { parseRidesCsv } from './rides-csv.js'

export type RidesFormat = 'both' | 'json' | 'avro'

export const rideCount = 20_000
/** The seed of rides.csv, which is also the default of PRODUCER_SEED. */
export const ridesSeed = 0
const ridesPerSecond = 500

const readText = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8')

/** One zone per line of zones.jsonl. */
export const zones: readonly { readonly location_id: number }[] = readText('zones.jsonl')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as { readonly location_id: number })

/** Reads rides.csv when the first ride is requested: a process that sends no rides does not need the file. */
const createRideOf = (): ((ride: number, seed: number) => JsonRide) => {
  let rides: readonly JsonRide[] | undefined
  return (ride, seed) => {
    if (seed !== ridesSeed) return makeRide(ride, seed)
    rides ??= parseRidesCsv(readText('rides.csv'))
    return rides[ride] ?? makeRide(ride, seed)
  }
}

/**
 * The zones, then the rides. Each ride comes once, in one format. The rides are those of rides.csv; further rides, and
 * those of another seed, are generated in the same way.
 */
export const createSample = (format: RidesFormat) => {
  const rideOf = createRideOf()
  const isZone = (index: number): boolean => index < zones.length
  const isJson = (ride: number): boolean => format === 'json' || (format === 'both' && ride % 2 === 0)
  return {
    count: zones.length + rideCount,
    rate: ridesPerSecond,
    topicOf: (index: number): string => {
      if (isZone(index)) return 'zones'
      return isJson(index - zones.length) ? 'ridesJson' : 'ridesAvro'
    },
    make: (index: number, seed: number): SampleRecord => {
      const zone = zones[index]
      if (zone) return { key: String(zone.location_id), value: zone }
      const ride = index - zones.length
      const made = rideOf(ride, seed)
      return { value: isJson(ride) ? made : toAvro(made) }
    },
  }
}

/** The same ride for the Avro schema. */
export const toAvro = (ride: JsonRide): AvroRide => ({
  ...ride,
  VendorID: Number(ride.VendorID),
  payment_type: Number(ride.payment_type),
  tpep_pickup_datetime: microsOf(ride.tpep_pickup_datetime),
  tpep_dropoff_datetime: microsOf(ride.tpep_dropoff_datetime),
})

const microsOf = (text: string): bigint => {
  const localMs = parseLocalDatetime(text)
  if (localMs === undefined) throw new Error(`expected a date and time of the calendar, got ${text}`)
  return BigInt(localMs) * 1_000n
}
