import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRandom } from '../support/random.js'
import type { NewRecord } from '../support/oracle-records.js'
import { repositoryRoot } from '../support/repository.js'

const folder = join(repositoryRoot, 'pipelines', 'rides')

/** The SQL files of the rides pipeline, by name. */
export const rideSqlOf = (parallelism: number): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ['ride-windows.sql', 'rides-per-vendor.sql', 'rides-with-zones.sql'].map((name) => [
      name,
      readFileSync(join(folder, name), 'utf8')
        .replace('${RIDES_PARALLELISM:-2}', String(parallelism))
        // No partition counts as idle while a test writes to others: lateness would depend on how busy the machine is.
        .replace('${RIDES_IDLE:-30 s}', '3600 s'),
    ]),
  )

export const rideTopics = [
  { name: 'rides', partitionCount: 4 },
  { name: 'zones_valid', partitionCount: 1, settings: { 'cleanup.policy': 'compact' } },
  ...[
    'rides_per_vendor',
    'vendor_counts_windowed',
    'rides_pulocation_window_count',
    'rides_late',
    'rides_with_zones',
  ].map((name) => ({ name, partitionCount: 1 })),
]

const partitionCount = 4
export const startMs = Date.UTC(2021, 0, 5)

/** Some rides are out of order by less than the grace; one in 50 is late, by up to 15 minutes. */
export const makeRides = (first: number, count: number, seed: number): readonly NewRecord[] =>
  Array.from({ length: count }, (_, position) => {
    const index = first + position
    const random = createRandom(seed * 1_000_003 + index)
    const lateMs = random() < 0.02 ? Math.floor(random() * 900_000) : Math.floor(random() * 3_000)
    return rideRecord(index, startMs + index * 40 - lateMs, random() < 0.35 ? '1' : '2', 1 + Math.floor(random() * 40))
  })

/** One ride for each partition, an hour later: all windows before it are over, and its own never ends. */
export const makeLastRides = (count: number): readonly NewRecord[] =>
  Array.from({ length: partitionCount }, (_, partition) =>
    rideRecord(count * partitionCount + partition, startMs + count * 40 + 3_600_000, '9', 1, partition),
  )

const rideRecord = (
  index: number,
  pickupMs: number,
  vendor: string,
  location: number,
  partition = location % partitionCount,
): NewRecord => ({
  topic: 'rides',
  partition,
  key: String(location),
  value: JSON.stringify({
    ride: `rides_json/0/${index}`,
    vendor_id: vendor,
    pickup_ms: pickupMs,
    dropoff_ms: pickupMs + 600_000,
    passenger_count: 1,
    trip_distance: 1.5,
    pu_location_id: location,
    do_location_id: 75,
    payment_type: '1',
    fare_amount: '8.00',
    total_amount: '12.35',
  }),
})

/** The name of the zone for pickups from `sinceMs` on; null: a tombstone. */
export const zoneRecord = (id: number, name: string | null, sinceMs: number): NewRecord => ({
  topic: 'zones_valid',
  key: String(id),
  value: name === null ? null : JSON.stringify({ location_id: id, borough: 'Queens', zone: name }),
  headers: [{ name: 'event_time', value: String(sinceMs) }],
})
