import { createZoneOffset } from '@kafka-etl/common'
import { createRandom, type Random } from './random.js'
import type { JsonRide } from './formats.js'
import { zone } from './instants.js'
import { formatLocalDatetime } from './local-datetime.js'

/*
 * Rides of the two nights of 2021 in which the clocks change. Most rides of a night begin in the evening, and only a
 * few after 1 o'clock: about 2 % of November's rides fall into the repeated hour.
 */
const nightsMs = [Date.UTC(2021, 2, 14, 1), Date.UTC(2021, 10, 7)]
const ridesANight = 10_000
const eveningRides = 9_400
const eveningStepMs = 1_500
const nightStepMs = 20_000

const offsetAt = createZoneOffset(zone)

const wallClock = (epochMs: number): string =>
  formatLocalDatetime(epochMs + offsetAt(Math.floor(epochMs / 1_000)) * 1_000)

/** Ride `index` of the stream of `seed`: a pure function, with the surprises of real rides. */
export const makeRide = (index: number, seed: number): JsonRide => {
  const random = createRandom(seed, index)
  const surprise = index < 50 ? 1 : random()
  const pickupMs = pickupOf(index, surprise, random)
  const minutes = surprise < 0.002 ? 24 * 60 : surprise < 0.003 ? -10 : 3 + Math.floor(random() ** 2 * 50)
  const miles = Math.max(0.3, Math.round(minutes * (12 + 10 * random())) / 60)
  const money = fareOf(miles, surprise, random)
  return {
    VendorID: random() < 0.35 ? 1 : 2,
    tpep_pickup_datetime: surprise > 0.9995 && surprise < 1 ? '2021-03-14 02:30:00' : wallClock(pickupMs),
    tpep_dropoff_datetime: wallClock(pickupMs + minutes * 60_000 + Math.floor(random() * 60) * 1_000),
    passenger_count: random() < 0.03 ? null : 1 + Math.floor(random() ** 3 * 6),
    trip_distance: Math.round(miles * 100) / 100,
    RatecodeID: random() < 0.03 ? null : 1,
    store_and_fwd_flag: random() < 0.01 ? 'Y' : 'N',
    PULocationID: locationOf(random),
    DOLocationID: locationOf(random),
    payment_type: random() < 0.7 ? 1 : 2,
    ...money,
  }
}

/** Pickups are a few seconds out of order, and a few are a month early: their meters' clocks were wrong. */
const pickupOf = (index: number, surprise: number, random: Random): number => {
  const night = nightsMs[Math.floor(index / ridesANight) % nightsMs.length] ?? 0
  const ride = index % ridesANight
  const evening = Math.min(ride, eveningRides) * eveningStepMs
  const late = Math.max(0, ride - eveningRides) * nightStepMs
  const monthEarlier = surprise > 0.998 && surprise < 0.999 ? 30 * 86_400_000 : 0
  return night + evening + late + Math.floor(random() * 3_000) - monthEarlier
}

type Money = Pick<
  JsonRide,
  | 'fare_amount'
  | 'extra'
  | 'mta_tax'
  | 'tip_amount'
  | 'tolls_amount'
  | 'improvement_surcharge'
  | 'total_amount'
  | 'congestion_surcharge'
>

/** Computes in cents to round no amount twice. About one ride in 200 is reversed: all its amounts are negative. */
const fareOf = (miles: number, surprise: number, random: Random): Money => {
  const sign = surprise > 0.99 && surprise < 0.995 ? -1 : 1
  const fare = 250 + Math.round(miles * 5) * 50
  const extra = random() < 0.5 ? 50 : 0
  const tip = random() < 0.6 ? Math.round(fare * 0.2 * random()) : 0
  const tolls = random() < 0.05 ? 612 : 0
  const congestion = random() < 0.9 ? 250 : 0
  const inText = (cents: number): string => ((sign * cents) / 100).toFixed(2).replace('-0.00', '0.00')
  return {
    fare_amount: inText(fare),
    extra: inText(extra),
    mta_tax: inText(50),
    tip_amount: inText(tip),
    tolls_amount: inText(tolls),
    improvement_surcharge: inText(30),
    total_amount: inText(fare + extra + 50 + tip + tolls + 30 + congestion),
    congestion_surcharge: inText(congestion),
  }
}

/** Zones in the middle of Manhattan, which most rides use. */
const busy = [48, 79, 161, 162, 163, 170, 186, 230, 236, 237]

const locationOf = (random: Random): number =>
  (random() < 0.6 ? busy[Math.floor(random() * busy.length)] : undefined) ?? 1 + Math.floor(random() * 265)
