import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { testPipeline, type PipelineRun } from '@kafka-etl/pipeline/testing'
import type { JsonRide } from './formats.js'
import { makeRide } from './make-ride.js'
import { pipeline } from './pipeline.js'
import { formatRidesCsv, parseRidesCsv } from './rides-csv.js'
import { createSample, toAvro, zones } from './sample.js'

const ride: JsonRide = {
  VendorID: 1,
  tpep_pickup_datetime: '2021-01-05 10:01:52',
  tpep_dropoff_datetime: '2021-01-05 10:11:52',
  passenger_count: 1,
  trip_distance: 1.5,
  RatecodeID: 1,
  store_and_fwd_flag: 'N',
  PULocationID: 238,
  DOLocationID: 75,
  payment_type: 1,
  fare_amount: '8.00',
  extra: '0.50',
  mta_tax: '0.50',
  tip_amount: '0.25',
  tolls_amount: '0.00',
  improvement_surcharge: '0.30',
  total_amount: '12.35',
  congestion_surcharge: '2.50',
}

const made = {
  ride: 'rides_json/0/0',
  vendor_id: '1',
  pickup_ms: Date.UTC(2021, 0, 5, 15, 1, 52),
  dropoff_ms: Date.UTC(2021, 0, 5, 15, 11, 52),
  passenger_count: 1,
  trip_distance: 1.5,
  pu_location_id: 238,
  do_location_id: 75,
  payment_type: '1',
  fare_amount: '8.00',
  total_amount: '12.35',
}

/** Sends a ride in both formats. */
const sendBoth = (run: PipelineRun, changes: Partial<JsonRide>): void => {
  run.send('ridesJson', { ...ride, ...changes })
  run.send('ridesAvro', toAvro({ ...ride, ...changes }))
}

describe('rides', () => {
  it('are the same from JSON and from Avro, with exact money', () => {
    const run = testPipeline(pipeline)
    sendBoth(run, {})
    sendBoth(run, { fare_amount: '-8.00', total_amount: '-0.05' })
    const values = run.outputs('rides').map(({ value }) => value)
    const negative = { ...made, fare_amount: '-8.00', total_amount: '-0.05' }
    expect(values).toEqual([
      made,
      { ...made, ride: 'rides_avro/0/0' },
      { ...negative, ride: 'rides_json/0/1' },
      { ...negative, ride: 'rides_avro/0/1' },
    ])
    expect(Object.keys(values[0] as object)).toEqual(Object.keys(made))
    expect(run.outputs('rides')[0]?.key).toBe('238')
  })

  it.each([
    ['2021-11-07 01:30:00', 'local_time_ambiguous', Date.UTC(2021, 10, 7, 5, 30), Date.UTC(2021, 10, 7, 6, 30)],
    ['2021-03-14 02:30:00', 'local_time_skipped', Date.UTC(2021, 2, 14, 6, 30), Date.UTC(2021, 2, 14, 7, 30)],
  ])('of %s are handled by ETL_LOCAL_TIME', (tpep_pickup_datetime, reason, earlier, later) => {
    const times = { tpep_pickup_datetime, tpep_dropoff_datetime: '2021-12-01 00:00:00' }
    const rejecting = testPipeline(pipeline)
    sendBoth(rejecting, times)
    expect(rejecting.deadLetters().map((letter) => letter.reason)).toEqual([reason, reason])
    const pickups = (['earlier', 'later'] as const).map((localTime) => {
      const run = testPipeline(pipeline, { settings: { localTime } })
      run.send('ridesJson', { ...ride, ...times })
      return (run.outputs('rides')[0]?.value as { pickup_ms: number }).pickup_ms
    })
    expect(pickups).toEqual([earlier, later])
  })

  it('of a whole day, and over midnight, are taken', () => {
    const run = testPipeline(pipeline)
    sendBoth(run, { tpep_pickup_datetime: '2021-06-01 23:50:00', tpep_dropoff_datetime: '2021-06-02 23:50:00' })
    const durations = run.outputs('rides').map(({ value }) => {
      const { pickup_ms, dropoff_ms } = value as typeof made
      return dropoff_ms - pickup_ms
    })
    expect(durations).toEqual([86_400_000, 86_400_000])
  })

  it('that cannot be are set aside', () => {
    const run = testPipeline(pipeline)
    sendBoth(run, { tpep_dropoff_datetime: '2021-01-05 10:01:51' })
    run.send('ridesJson', { ...ride, tpep_pickup_datetime: '2021-02-29 10:00:00' })
    run.send('ridesJson', { ...ride, fare_amount: '8.005' })
    run.send('ridesAvro', { ...toAvro(ride), tpep_pickup_datetime: 2n ** 62n })
    run.send('ridesAvro', Buffer.from(JSON.stringify(ride)))
    expect(run.deadLetters().map(({ reason }) => reason)).toEqual([
      'ride_ends_before_it_starts',
      'ride_ends_before_it_starts',
      'datetime_not_valid',
      'value_not_valid',
      'datetime_not_valid',
      'value_not_framed',
    ])
  })
})

describe('zones', () => {
  it('pass with their keys, tombstones too', () => {
    const run = testPipeline(pipeline)
    run.send('zones', zones[0], { key: '1' })
    run.send('zones', null, { key: '1' })
    expect(run.outputs('zonesValid').map(({ key, value }) => [key, value])).toEqual([
      ['1', zones[0]],
      ['1', null],
    ])
  })

  it('need the key that they are found by', () => {
    const run = testPipeline(pipeline)
    run.send('zones', zones[0], { key: '2' })
    run.send('zones', null)
    run.send('zones', { location_id: 266, borough: 'x', zone: 'y' }, { key: '266' })
    expect(run.deadLetters().map(({ reason }) => reason)).toEqual([
      'zone_key_wrong',
      'zone_key_wrong',
      'value_not_valid',
    ])
  })

  it('are 265, in order', () => {
    expect(zones.map(({ location_id }) => location_id)).toEqual(Array.from({ length: 265 }, (_, index) => index + 1))
  })
})

describe('the sample', () => {
  it('has all surprises of real rides, and the same rides for the same seed', () => {
    const run = testPipeline(pipeline)
    const { make, topicOf, count } = createSample('both')
    for (let index = 0; index < count; index++) {
      const { key = null, value } = make(index, 0)
      run.send(topicOf(index), value, { key })
    }
    const reasons = new Map<string, number>()
    for (const { reason } of run.deadLetters()) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
    expect([...reasons.keys()].toSorted()).toEqual([
      'local_time_ambiguous',
      'local_time_skipped',
      'ride_ends_before_it_starts',
    ])
    expect(run.outputs('zonesValid')).toHaveLength(265)
    const rides = run.outputs('rides').map(({ value }) => value as typeof made)
    expect(rides.length + run.deadLetters().length).toBe(20_000)
    expect(run.deadLetters().length).toBeLessThan(1_000)
    expect(rides.some(({ fare_amount }) => fare_amount.startsWith('-'))).toBe(true)
    expect(rides.some(({ pickup_ms, dropoff_ms }) => dropoff_ms - pickup_ms >= 86_400_000)).toBe(true)
    expect(rides.some(({ pickup_ms }) => pickup_ms < Date.UTC(2021, 2, 1))).toBe(true)
    const springMs = Date.UTC(2021, 2, 14, 7)
    const autumnMs = Date.UTC(2021, 10, 7, 6)
    for (const instantMs of [springMs, autumnMs, Date.UTC(2021, 2, 14, 5)]) {
      expect(rides.some(({ pickup_ms, dropoff_ms }) => pickup_ms < instantMs && instantMs < dropoff_ms)).toBe(true)
    }
    expect(makeRide(7, 1)).toEqual(makeRide(7, 1))
    expect(makeRide(7, 1)).not.toEqual(makeRide(7, 2))
  })

  it('is the file rides.csv, which its generator makes anew', () => {
    const made = Array.from({ length: 20_000 }, (_, index) => makeRide(index, 0))
    const text = readFileSync(join(__dirname, 'rides.csv'), 'utf8')
    expect(text === formatRidesCsv(made)).toBe(true)
    expect(parseRidesCsv(text)).toEqual(made)
    const { make } = createSample('json')
    expect(make(265 + 4_711, 0).value).toEqual(made[4_711])
    expect(make(265 + 20_000, 0).value).toEqual(makeRide(20_000, 0))
    expect(make(265 + 7, 1).value).toEqual(makeRide(7, 1))
    expect(() => parseRidesCsv('a,b\n')).toThrow('expected rides with the columns VendorID,')
    expect(() => parseRidesCsv(`${text.split('\n', 1).join()}\n1,2\n`)).toThrow('expected a ride of 18 columns, got 2')
  })

  it('sends each ride in the formats that are asked for', () => {
    const topicsOf = (format: 'both' | 'json' | 'avro') => [0, 265, 266, 267].map(createSample(format).topicOf)
    expect(topicsOf('both')).toEqual(['zones', 'ridesJson', 'ridesAvro', 'ridesJson'])
    expect(topicsOf('json')).toEqual(['zones', 'ridesJson', 'ridesJson', 'ridesJson'])
    expect(topicsOf('avro')).toEqual(['zones', 'ridesAvro', 'ridesAvro', 'ridesAvro'])
  })
})
