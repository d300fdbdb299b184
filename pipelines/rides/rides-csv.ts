import type { JsonRide } from './formats.js'

/** TLC's columns, in its order. */
const columns = [
  'VendorID',
  'tpep_pickup_datetime',
  'tpep_dropoff_datetime',
  'passenger_count',
  'trip_distance',
  'RatecodeID',
  'store_and_fwd_flag',
  'PULocationID',
  'DOLocationID',
  'payment_type',
  'fare_amount',
  'extra',
  'mta_tax',
  'tip_amount',
  'tolls_amount',
  'improvement_surcharge',
  'total_amount',
  'congestion_surcharge',
] as const satisfies readonly (keyof JsonRide)[]

/** Writes no quotes: no value of a ride contains a comma. Null is empty. */
export const formatRidesCsv = (rides: Iterable<JsonRide>): string => {
  const lines = [columns.join()]
  for (const ride of rides) lines.push(columns.map((column) => ride[column] ?? '').join())
  return `${lines.join('\n')}\n`
}

/** Parses the output of `formatRidesCsv`. Throws for other columns. */
export const parseRidesCsv = (text: string): readonly JsonRide[] => {
  const [header, ...lines] = text.trimEnd().split('\n')
  if (header !== columns.join()) throw new Error(`expected rides with the columns ${columns.join()}, got ${header}`)
  return lines.map((line) => toRide(line.split(',')))
}

const toRide = (cells: readonly string[]): JsonRide => {
  if (cells.length !== columns.length) {
    throw new Error(`expected a ride of ${columns.length} columns, got ${cells.length}: ${cells.join()}`)
  }
  const textOf = (column: (typeof columns)[number]): string => cells[columns.indexOf(column)] ?? ''
  const numberOf = (column: (typeof columns)[number]): number => Number(textOf(column))
  const optionalOf = (column: (typeof columns)[number]): number | null =>
    textOf(column) === '' ? null : numberOf(column)
  return {
    VendorID: numberOf('VendorID'),
    tpep_pickup_datetime: textOf('tpep_pickup_datetime'),
    tpep_dropoff_datetime: textOf('tpep_dropoff_datetime'),
    passenger_count: optionalOf('passenger_count'),
    trip_distance: numberOf('trip_distance'),
    RatecodeID: optionalOf('RatecodeID'),
    store_and_fwd_flag: textOf('store_and_fwd_flag') || null,
    PULocationID: numberOf('PULocationID'),
    DOLocationID: numberOf('DOLocationID'),
    payment_type: numberOf('payment_type'),
    fare_amount: textOf('fare_amount'),
    extra: textOf('extra'),
    mta_tax: textOf('mta_tax'),
    tip_amount: textOf('tip_amount'),
    tolls_amount: textOf('tolls_amount'),
    improvement_surcharge: textOf('improvement_surcharge'),
    total_amount: textOf('total_amount'),
    congestion_surcharge: textOf('congestion_surcharge') || null,
  }
}
