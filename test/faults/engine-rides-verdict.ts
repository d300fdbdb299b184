import type { TopicRecord } from '../support/oracle-records.js'
import type { Oracle } from '../support/oracle.js'
import { waitFor } from '../support/wait-for.js'

const graceMs = 5_000

type Ride = {
  readonly ride: string
  readonly vendor_id: string
  readonly pickup_ms: number
  readonly pu_location_id: number
}

type Keyed = { readonly recordKey: string }

const readJson = (records: readonly TopicRecord[]): readonly unknown[] =>
  records.map(({ key, value }) => ({ ...(JSON.parse(String(value)) as object), recordKey: String(key) }))

type ExpectedWindows = {
  /** The number of rides by `topic/start/key`, for each window that is over. */
  readonly counts: ReadonlyMap<string, number>
  /** `topic/start/ride` of each ride that came after its window was over. */
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

/** The expected windows, from the rides of each partition in order: a function of the topic only. */
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

/** lost: missing; twice: more than once; wrong: different from the expected one, or not expected at all. */
export type RideVerdict = { readonly lost: number; readonly twice: number; readonly wrong: number }

/** `expected` and `found` are values by name. */
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

/** The rides of a window whose record key matches its fields; otherwise what is wrong with the key. */
const valueOf = ({ vendor_id, pu_location_id, rides, recordKey }: WindowRow & Keyed): number | string =>
  recordKey === (vendor_id ?? String(pu_location_id)) ? rides : `key ${recordKey}`

/** Waits until every topic of the engine contains as many records as `rides` produce, and judges them. */
export const awaitRides = async (
  oracle: Oracle,
  zoneOf: (id: number, pickupMs: number) => string | null,
): Promise<RideVerdict> => {
  const records = await oracle.readTopic('rides')
  const rides = readJson(records) as readonly Ride[]
  const { counts, late } = expectWindows(records)
  const read = async <Row>(
    topic: string,
    isEnough: (rows: readonly Row[]) => boolean,
  ): Promise<readonly (Row & Keyed)[]> =>
    waitFor(
      async () => {
        const rows = readJson(await oracle.readTopic(topic)) as readonly (Row & Keyed)[]
        return isEnough(rows) ? rows : undefined
      },
      { what: `all records of ${topic}`, deadlineMs: 600_000, everyMs: 1_000 },
    )
  const windows = async (topic: string): Promise<RideVerdict> => {
    const expected = new Map([...counts].filter(([name]) => name.startsWith(`${topic}/`)))
    const rows = await read<WindowRow>(topic, ({ length }) => length >= expected.size)
    return judge(
      expected,
      rows.map((row) => [`${topic}/${row.window_start}/${row.vendor_id ?? row.pu_location_id}`, valueOf(row)]),
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
      lateRows.map(({ missed, window_start, ride, recordKey }) => [
        `${missed}/${window_start}/${ride}`,
        recordKey === ride,
      ]),
    ),
    judge(
      new Map(rides.map(({ ride, pu_location_id, pickup_ms }) => [ride, zoneOf(pu_location_id, pickup_ms)])),
      zoned.map(({ ride, zone, pu_location_id, recordKey }) => [
        ride,
        recordKey === String(pu_location_id) ? zone : `key ${recordKey}`,
      ]),
    ),
    judge(counted, [...latest(await read('rides_per_vendor', isWhole))]),
  ]
  const sum = (pick: (verdict: RideVerdict) => number): number =>
    verdicts.reduce((total, verdict) => total + pick(verdict), 0)
  return { lost: sum(({ lost }) => lost), twice: sum(({ twice }) => twice), wrong: sum(({ wrong }) => wrong) }
}
