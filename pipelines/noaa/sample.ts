import { stations, type Station } from './stations.js'

const firstDayMs = Date.UTC(2016, 0, 1)
const dayMs = 86_400_000
const daysAYear = 365.25

/** Reading `index` of the stream of `seed`: the stations take turns, day by day. About one reading in 400 is bad. */
export const makeReading = (index: number, seed: number): string => {
  const random = createRandom(seed, index)
  const station = stations[index % stations.length]
  const day = Math.floor(index / stations.length)
  if (!station) throw new Error(`expected a station for reading ${index}, found none`)
  // The first readings are good, and the first alert comes at once.
  const fault = index < stations.length ? 1 : random() * 400
  if (fault < 0.4) return '{"station_id":"USW00003192","date"'
  if (fault < 0.7) return JSON.stringify({ station_id: `XX${1_000 + index}`, date: dateOf(day), PRCP: 0 })
  if (fault < 1) return JSON.stringify({ station_id: station.id, date: dateOf(day), TMAX: 'hot' })
  return JSON.stringify({ station_id: station.id, date: dateOf(day), ...measure(station, day, random) })
}

const dateOf = (day: number): string => new Date(firstDayMs + day * dayMs).toISOString().slice(0, 19)

type Random = () => number

/** Colder towards the poles, at height, and half a year after summer; some values are missing. */
const measure = (
  { location: { lat }, elevation }: Station,
  day: number,
  random: Random,
): Record<string, number | null> => {
  const coldest = lat >= 0 ? 15 : 15 + daysAYear / 2
  const season = -Math.cos(((day - coldest) / daysAYear) * 2 * Math.PI)
  const mean = 28 - 0.42 * Math.abs(lat) + 0.24 * Math.abs(lat) * season - (elevation / 1_000) * 6.5
  const spread = 4 + 4 * random()
  const noise = 6 * (random() - 0.5)
  const isWet = random() < 0.3
  return {
    ...(random() < 0.6 ? { AWND: tenths(1 + 5 * random()) } : {}),
    PRCP: random() < 0.02 ? null : isWet ? tenths(-8 * Math.log(1 - random())) : 0,
    TMAX: tenths(mean + noise + spread),
    ...(random() < 0.97 ? { TMIN: tenths(mean + noise - spread) } : {}),
  }
}

const tenths = (value: number): number => Math.round(value * 10) / 10

/** mulberry32 over seed and index: each reading has its own random numbers, wherever a run begins. */
const createRandom = (seed: number, index: number): Random => {
  let state = (Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
