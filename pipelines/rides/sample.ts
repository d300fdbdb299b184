import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SampleRecord } from '@kafka-etl/pipeline'
import type { AvroRide, JsonRide } from './formats.js'
import { makeRide } from './make-ride.js'
import { parseLocalDatetime } from './local-datetime.js'

export type RidesFormat = 'both' | 'json' | 'avro'

export const rideCount = 20_000
const ridesPerSecond = 500

/** A zone of each line of zones.jsonl. */
export const zones: readonly { readonly location_id: number }[] = readFileSync(
  join(import.meta.dirname, 'zones.jsonl'),
  'utf8',
)
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as { readonly location_id: number })

/** The zones, then the rides: each ride in one format, no ride twice. */
export const createSample = (format: RidesFormat) => {
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
      const made = makeRide(ride, seed)
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
  const micros = parseLocalDatetime(text)
  if (micros === undefined) throw new Error(`expected a date and time of the calendar, got ${text}`)
  return micros
}
