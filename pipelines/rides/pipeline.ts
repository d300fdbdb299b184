import { avro, definePipeline, generated, json, reject, rows, type Rejected, type Static } from '@kafka-etl/pipeline'
import { avroRide, JsonRide, Ride, Zone } from './formats.js'
import { LateRide, LocationWindow, RideWithZone, VendorCount, VendorWindow } from './engine-formats.js'
import { createToInstant, wholeMs } from './instants.js'
import { parseLocalDatetime } from './local-datetime.js'
import { createSample } from './sample.js'
import { ridesSettings } from './settings.js'

const reasons = [
  'datetime_not_valid',
  'local_time_ambiguous',
  'local_time_skipped',
  'ride_ends_before_it_starts',
  'zone_key_wrong',
] as const

type Fields = Omit<Static<typeof Ride>, 'ride' | 'pickup_ms' | 'dropoff_ms'>
type LocalTimes = { readonly pickupMs: number; readonly dropoffMs: number }
type Place = { readonly topic: string; readonly partition: number; readonly offset: bigint }

/** Merges yellow taxi rides in JSON and in Avro into one topic, and turns their wall clock times into instants. */
export const pipeline = definePipeline({ settings: ridesSettings }, ({ localTime, format }) => {
  const toInstant = createToInstant(localTime)
  const { make, topicOf, count, rate } = createSample(format)

  const convert = (
    { topic, partition, offset }: Place,
    { pickupMs, dropoffMs }: LocalTimes,
    fields: Fields,
  ): Static<typeof Ride> | Rejected<(typeof reasons)[number]> => {
    const pickup = toInstant('tpep_pickup_datetime', pickupMs)
    if (!pickup.ok) return reject(pickup.reason, pickup.message)
    const dropoff = toInstant('tpep_dropoff_datetime', dropoffMs)
    if (!dropoff.ok) return reject(dropoff.reason, dropoff.message)
    if (dropoff.epochMs < pickup.epochMs) {
      const early = pickup.epochMs - dropoff.epochMs
      return reject('ride_ends_before_it_starts', `Expected a drop-off after the pickup, got one ${early} ms before it`)
    }
    const { vendor_id, ...others } = fields
    const ride = `${topic}/${partition}/${offset}`
    return { ride, vendor_id, pickup_ms: pickup.epochMs, dropoff_ms: dropoff.epochMs, ...others }
  }

  return definePipeline({
    name: 'rides',
    topics: {
      ridesJson: {
        name: 'rides_json',
        value: json(JsonRide),
        key: ({ PULocationID }) => String(PULocationID),
        partitions: 4,
      },
      ridesAvro: { name: 'rides_avro', value: avro(avroRide), key: ({ VendorID }) => String(VendorID), partitions: 4 },
      zones: { name: 'zones', value: json(Zone), settings: { 'cleanup.policy': 'compact' }, partitions: 1 },
      rides: {
        name: 'rides',
        value: json(Ride),
        key: ({ pu_location_id }) => String(pu_location_id),
        partitions: 4,
      },
      zonesValid: {
        name: 'zones_valid',
        value: json(Zone),
        settings: { 'cleanup.policy': 'compact' },
        partitions: 1,
      },
      // The engine writes these.
      ridesPerVendor: { name: 'rides_per_vendor', value: json(VendorCount), settings: { 'cleanup.policy': 'compact' } },
      vendorWindows: { name: 'vendor_counts_windowed', value: json(VendorWindow) },
      locationWindows: { name: 'rides_pulocation_window_count', value: json(LocationWindow) },
      late: { name: 'rides_late', value: json(LateRide) },
      withZones: { name: 'rides_with_zones', value: json(RideWithZone) },
    },
    reasons,
    steps: {
      ridesJson: ({ value, ...place }, { to }) => {
        const pickupMs = parseLocalDatetime(value.tpep_pickup_datetime)
        const dropoffMs = parseLocalDatetime(value.tpep_dropoff_datetime)
        if (pickupMs === undefined || dropoffMs === undefined) {
          const wrong = pickupMs === undefined ? value.tpep_pickup_datetime : value.tpep_dropoff_datetime
          return reject('datetime_not_valid', `Expected a date and time of the calendar, got ${wrong}`)
        }
        const made = convert(
          place,
          { pickupMs, dropoffMs },
          {
            vendor_id: String(value.VendorID),
            passenger_count: value.passenger_count,
            trip_distance: value.trip_distance,
            pu_location_id: value.PULocationID,
            do_location_id: value.DOLocationID,
            payment_type: String(value.payment_type),
            fare_amount: value.fare_amount,
            total_amount: value.total_amount,
          },
        )
        return 'kind' in made ? made : to.rides(made)
      },
      ridesAvro: ({ value, ...place }, { to }) => {
        const made = convert(
          place,
          { pickupMs: wholeMs(value.tpep_pickup_datetime), dropoffMs: wholeMs(value.tpep_dropoff_datetime) },
          {
            vendor_id: String(value.VendorID),
            passenger_count: value.passenger_count,
            trip_distance: value.trip_distance,
            pu_location_id: value.PULocationID,
            do_location_id: value.DOLocationID,
            payment_type: String(value.payment_type),
            fare_amount: value.fare_amount,
            total_amount: value.total_amount,
          },
        )
        return 'kind' in made ? made : to.rides(made)
      },
      zones: ({ key, value, timestampMs }, { to }) => {
        const id = key?.toString('utf8')
        const isOwn = value === null ? id !== undefined : id === String(value.location_id)
        if (!isOwn)
          return reject('zone_key_wrong', `Expected the key of a zone to be its location_id, got ${id ?? 'none'}`)
        // The time from which the zone counts, since the output's own timestamp is the time of handling.
        return to.zonesValid(value, { headers: [['event_time', Buffer.from(String(timestampMs))]] })
      },
    },
    sample: generated(make, { count, rate, topicOf, noun: 'zones and rides' }),
    results: {
      rides: rows(
        [
          'ride',
          'vendor_id',
          'pickup_ms',
          'dropoff_ms',
          'passenger_count',
          'trip_distance',
          'pu_location_id',
          'do_location_id',
          'payment_type',
          'fare_amount',
          'total_amount',
        ],
        { first: true },
      ),
      ridesPerVendor: rows(['vendor_id', 'rides']),
      vendorWindows: rows(['window_start', 'window_end', 'vendor_id', 'rides']),
      locationWindows: rows(['window_start', 'window_end', 'pu_location_id', 'rides']),
      late: rows(['missed', 'window_start', 'window_end', 'ride', 'vendor_id', 'pu_location_id', 'pickup_ms']),
      withZones: rows(['ride', 'vendor_id', 'pickup_ms', 'pu_location_id', 'borough', 'zone']),
    },
  })
})
