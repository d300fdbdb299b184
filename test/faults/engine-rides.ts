import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRandom } from '../support/random.js'
import type { NewRecord, TopicRecord } from '../support/oracle-records.js'
import type { Oracle } from '../support/oracle.js'
import { repositoryRoot } from '../support/repository.js'
import { waitFor } from '../support/wait-for.js'

const folder = join(repositoryRoot, 'pipelines', 'rides')

/** The SQL files of the pipeline rides, by name. */
export const rideSql: Readonly<Record<string, string>> = Object.fromEntries(
  ['ride-windows.sql', 'rides-per-vendor.sql', 'rides-with-zones.sql'].map((name) => [
    name,
    readFileSync(join(folder, name), 'utf8'),
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

type Ride = {
  readonly ride: string
  readonly vendor_id: string
  readonly pickup_ms: number
  readonly pu_location_id: number
}

const partitionCount = 4
const graceMs = 5_000
export const startMs = Date.UTC(2021, 0, 5)

/** Some are out of order by less than the grace; one in 50 is late, by up to 15 minutes. */
export const makeRides = (first: number, count: number, seed: number): readonly NewRecord[] =>
  Array.from({ length: count }, (_, position) => {
    const index = first + position
    const random = createRandom(seed * 1_000_003 + index)
    const lateMs = random() < 0.02 ? Math.floor(random() * 900_000) : Math.floor(random() * 3_000)
    return rideRecord(index, startMs + index * 40 - lateMs, random() < 0.35 ? '1' : '2', 1 + Math.floor(random() * 40))
  })

/** One ride of each partition, an hour later: all windows before it are over, and its own never are. */
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

const readJson = <Value>(records: readonly TopicRecord[]): readonly Value[] =>
  records.map(({ value }) => JSON.parse(String(value)) as Value)

type ExpectedWindows = {
  /** `topic/start/key` of each window that is over, with its rides. */
  readonly counts: ReadonlyMap<string, number>
  /** `topic/start/ride` of each ride that came when its window was over. */
  readonly late: readonly string[]
}

const windowsOf = ({ pickup_ms, pu_location_id, vendor_id }: Ride) => {
  const tenSeconds = Math.floor(pickup_ms / 10_000) * 10_000
  const fiveMinutes = Math.floor(pickup_ms / 300_000) * 300_000
  return [
    {
      topic: 'rides_pulocation_window_count',
      start: tenSeconds,
      end: tenSeconds + 10_000,
      key: String(pu_location_id),
    },
    ...[fiveMinutes - 300_000, fiveMinutes].map((start) => ({
      ...{ topic: 'vendor_counts_windowed', start, end: start + 600_000, key: vendor_id },
    })),
  ]
}

/** What the windows come to, by the rides of each partition in their order: a function of the topic alone. */
const expectWindows = (records: readonly TopicRecord[]): ExpectedWindows => {
  const newest = new Map<number, number>()
  const counts = new Map<string, number>()
  const ends = new Map<string, number>()
  const late: string[] = []
  for (const { partition, value } of records) {
    const ride = JSON.parse(String(value)) as Ride
    const newestMs = Math.max(newest.get(partition) ?? -Infinity, ride.pickup_ms)
    newest.set(partition, newestMs)
    for (const { topic, start, end, key } of windowsOf(ride)) {
      const name = `${topic}/${start}/${key}`
      if (newestMs - graceMs >= end - 1) late.push(`${topic}/${start}/${ride.ride}`)
      else counts.set(name, (counts.get(name) ?? 0) + 1)
      ends.set(name, end)
    }
  }
  const reachedMs = Math.min(...newest.values()) - graceMs
  const isOver = ([name]: [string, number]): boolean => reachedMs >= (ends.get(name) ?? Infinity) - 1
  return { counts: new Map([...counts].filter(isOver)), late: late.toSorted() }
}

type WindowRow = {
  readonly window_start: number
  readonly rides: number
  readonly vendor_id?: string
  readonly pu_location_id?: number
}
type LateRow = { readonly missed: string; readonly window_start: number; readonly ride: string }
type ZonedRide = Ride & { readonly zone: string | null }
type VendorCount = { readonly vendor_id: string; readonly rides: number }

/** `name` as it is from a pickup at `sinceMs` on. */
export const zoneRecord = (id: number, name: string, sinceMs: number): NewRecord => ({
  topic: 'zones_valid',
  key: String(id),
  value: JSON.stringify({ location_id: id, borough: 'Queens', zone: name }),
  headers: [{ name: 'event_time', value: String(sinceMs) }],
})

/** lost: not there; twice: more than once; wrong: other than expected, or expected by nobody. */
export type RideVerdict = { readonly lost: number; readonly twice: number; readonly wrong: number }

/** `expected` and `found` are values by the name of what they are of. */
const judge = (
  expected: ReadonlyMap<string, unknown>,
  found: readonly (readonly [name: string, value: unknown])[],
): RideVerdict => {
  const names = new Set(found.map(([name]) => name))
  return {
    lost: [...expected.keys()].filter((name) => !names.has(name)).length,
    twice: found.length - names.size,
    wrong: found.filter(([name, value]) => expected.get(name) !== value).length,
  }
}

/** Waits until every topic of the engine holds as many records as `rides` makes, and judges them. */
export const awaitRides = async (
  oracle: Oracle,
  zoneOf: (id: number, pickupMs: number) => string | null,
): Promise<RideVerdict> => {
  const records = await oracle.readTopic('rides')
  const rides = readJson<Ride>(records)
  const { counts, late } = expectWindows(records)
  const read = async <Row>(topic: string, isEnough: (rows: readonly Row[]) => boolean): Promise<readonly Row[]> =>
    waitFor(
      async () => {
        const rows = readJson<Row>(await oracle.readTopic(topic))
        return isEnough(rows) ? rows : undefined
      },
      { what: `all records of ${topic}`, deadlineMs: 600_000, everyMs: 1_000 },
    )
  const windows = async (topic: string): Promise<RideVerdict> => {
    const expected = new Map([...counts].filter(([name]) => name.startsWith(`${topic}/`)))
    const rows = await read<WindowRow>(topic, ({ length }) => length >= expected.size)
    const nameOf = ({ window_start, vendor_id, pu_location_id }: WindowRow): string =>
      `${topic}/${window_start}/${vendor_id ?? pu_location_id}`
    return judge(
      expected,
      rows.map((row) => [nameOf(row), row.rides]),
    )
  }
  const lateRows = await read<LateRow>('rides_late', ({ length }) => length >= late.length)
  const zoned = await read<ZonedRide>('rides_with_zones', ({ length }) => length >= rides.length)
  const counted = new Map<string, number>()
  for (const { vendor_id } of rides) counted.set(vendor_id, (counted.get(vendor_id) ?? 0) + 1)
  const latest = (rows: readonly VendorCount[]) => new Map(rows.map((row) => [row.vendor_id, row.rides]))
  const isWhole = (rows: readonly VendorCount[]): boolean =>
    [...counted].every(([vendor, count]) => latest(rows).get(vendor) === count)
  const verdicts = [
    await windows('rides_pulocation_window_count'),
    await windows('vendor_counts_windowed'),
    judge(
      new Map(late.map((name) => [name, true])),
      lateRows.map(({ missed, window_start, ride }) => [`${missed}/${window_start}/${ride}`, true]),
    ),
    judge(
      new Map(rides.map(({ ride, pu_location_id, pickup_ms }) => [ride, zoneOf(pu_location_id, pickup_ms)])),
      zoned.map(({ ride, zone }) => [ride, zone]),
    ),
    judge(counted, [...latest(await read('rides_per_vendor', isWhole))]),
  ]
  const sum = (pick: (verdict: RideVerdict) => number): number =>
    verdicts.reduce((total, verdict) => total + pick(verdict), 0)
  return { lost: sum(({ lost }) => lost), twice: sum(({ twice }) => twice), wrong: sum(({ wrong }) => wrong) }
}
