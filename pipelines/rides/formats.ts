import { Type, type AvroValue, type Static } from '@kafka-etl/pipeline'

const datetime = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2}$' })
const money = Type.String({ pattern: '^-?\\d{1,8}(\\.\\d{1,2})?$' })
const code = Type.Union([Type.Integer(), Type.String()])
const optionalNumber = Type.Union([Type.Integer(), Type.Null()])

/** A ride as in TLC's files, with their names: New York's wall clock, money as decimal text. */
export const JsonRide = Type.Object({
  VendorID: code,
  tpep_pickup_datetime: datetime,
  tpep_dropoff_datetime: datetime,
  passenger_count: optionalNumber,
  trip_distance: Type.Number(),
  RatecodeID: optionalNumber,
  store_and_fwd_flag: Type.Union([Type.String(), Type.Null()]),
  PULocationID: Type.Integer({ minimum: 1, maximum: 265 }),
  DOLocationID: Type.Integer({ minimum: 1, maximum: 265 }),
  payment_type: code,
  fare_amount: money,
  extra: money,
  mta_tax: money,
  tip_amount: money,
  tolls_amount: money,
  improvement_surcharge: money,
  total_amount: money,
  congestion_surcharge: Type.Union([money, Type.Null()]),
})

const avroMoney = { type: 'bytes', logicalType: 'decimal', precision: 10, scale: 2 } as const
const avroDatetime = { type: 'long', logicalType: 'local-timestamp-micros' } as const

/** The same in Avro: microseconds of New York's wall clock, decimals with two digits. */
export const avroRide = {
  type: 'record',
  name: 'Ride',
  namespace: 'rides',
  fields: [
    { name: 'VendorID', type: 'int' },
    { name: 'tpep_pickup_datetime', type: avroDatetime },
    { name: 'tpep_dropoff_datetime', type: avroDatetime },
    { name: 'passenger_count', type: ['null', 'int'], default: null },
    { name: 'trip_distance', type: 'double' },
    { name: 'RatecodeID', type: ['null', 'int'], default: null },
    { name: 'store_and_fwd_flag', type: ['null', 'string'], default: null },
    { name: 'PULocationID', type: 'int' },
    { name: 'DOLocationID', type: 'int' },
    { name: 'payment_type', type: 'int' },
    { name: 'fare_amount', type: avroMoney },
    { name: 'extra', type: avroMoney },
    { name: 'mta_tax', type: avroMoney },
    { name: 'tip_amount', type: avroMoney },
    { name: 'tolls_amount', type: avroMoney },
    { name: 'improvement_surcharge', type: avroMoney },
    { name: 'total_amount', type: avroMoney },
    { name: 'congestion_surcharge', type: ['null', avroMoney], default: null },
  ],
} as const

export type JsonRide = Static<typeof JsonRide>
export type AvroRide = AvroValue<typeof avroRide>

/** A ride in the output: instants instead of wall clock times, and only the fields that readers need. */
export const Ride = Type.Object({
  /** The source of the ride: topic, partition and offset. */
  ride: Type.String(),
  vendor_id: Type.String(),
  pickup_ms: Type.Integer(),
  dropoff_ms: Type.Integer(),
  passenger_count: optionalNumber,
  trip_distance: Type.Number(),
  pu_location_id: Type.Integer(),
  do_location_id: Type.Integer(),
  payment_type: Type.String(),
  fare_amount: Type.String(),
  total_amount: Type.String(),
})

/** One of TLC's taxi zones, or null: the zone is gone. */
export const Zone = Type.Union([
  Type.Object({
    location_id: Type.Integer({ minimum: 1, maximum: 265 }),
    borough: Type.String(),
    zone: Type.String(),
  }),
  Type.Null(),
])
