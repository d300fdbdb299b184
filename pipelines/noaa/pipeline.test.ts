import { describe, expect, it } from '@jest/globals'
import { testPipeline } from '@kafka-etl/pipeline/testing'
import { pipeline } from './pipeline.js'
import { makeReading } from './sample.js'

const scottsdale = {
  id: 'USW00003192',
  country_code: 'US',
  country: 'United States',
  location: { lat: 33.6228, lon: -111.9106 },
  elevation: 449,
  state_code: 'AZ',
  state: 'ARIZONA',
  name: 'SCOTTSDALE MUNI AP',
}

const flat = { station_id: 'USW00003192', date: '2016-04-23T00:00:00', AWND: 2.4, PRCP: 0, TMAX: 29.4, TMIN: 8.9 }
const { station_id, ...measured } = flat
const reading = { station: scottsdale, ...measured }

describe('noaa', () => {
  it('puts the station first, in place of its id, and keeps the other fields in their order', () => {
    const run = testPipeline(pipeline)
    run.send('flat', { date: flat.date, station_id, TMIN: 18.9, PRCP: null })
    const [output] = run.outputs('readings')
    expect(output?.key).toBe(station_id)
    expect(JSON.stringify(output?.value)).toBe(
      JSON.stringify({ station: scottsdale, date: flat.date, TMIN: 18.9, PRCP: null }),
    )
  })

  it('keeps the readings of Arizona apart', () => {
    const run = testPipeline(pipeline)
    run.send('flat', { ...flat, TMIN: 18.9 })
    run.send('flat', { ...flat, station_id: 'AE000041196' })
    const [first] = run.outputs('readings')
    expect(run.outputs('arizona').map(({ key, value }) => ({ key, value }))).toEqual([
      { key: first?.key, value: first?.value },
    ])
  })

  it('raises an alert for each rule that a reading meets, equality included', () => {
    const run = testPipeline(pipeline)
    run.send('flat', flat)
    run.send('flat', { ...flat, TMIN: 10 })
    run.send('flat', { ...flat, TMIN: 10.1 })
    run.send('flat', { ...flat, TMIN: null })
    run.send('flat', { station_id, date: flat.date, PRCP: 0 })
    expect(run.outputs('alerts').map(({ value }) => value)).toEqual([
      { ...reading, email: 'farm@example.com' },
      { ...reading, TMIN: 10, email: 'farm@example.com' },
    ])
    expect(run.rows('alerts')).toBe(
      [
        'email,station.id,station.name,date,TMIN\n',
        '"farm@example.com","USW00003192","SCOTTSDALE MUNI AP","2016-04-23T00:00:00",8.9\n',
        '"farm@example.com","USW00003192","SCOTTSDALE MUNI AP","2016-04-23T00:00:00",10\n',
      ].join(''),
    )
  })

  it('makes many readings of an array, or none if one of them is bad', () => {
    const run = testPipeline(pipeline)
    run.send('flat', [flat, { ...flat, station_id: 'USC00020287' }])
    run.send('flat', [flat, { ...flat, station_id: 'XX' }])
    run.send('flat', [flat, { ...flat, TMAX: 'hot' }])
    expect(run.outputs('readings')).toHaveLength(2)
    expect(run.deadLetters().map(({ reason, message }) => [reason, message])).toEqual([
      ['station_unknown', 'Expected a station of stations.jsonl, got XX'],
      ['value_not_valid', 'expected 1.TMAX to be number, got "hot"'],
    ])
  })
})

describe('the sample of noaa', () => {
  const run = testPipeline(pipeline)
  for (let index = 0; index < 20_000; index++) run.send('flat', makeReading(index, 0))

  it('raises an alert within its first 20 readings', () => {
    const first = testPipeline(pipeline)
    for (let index = 0; index < 20; index++) first.send('flat', makeReading(index, 0))
    expect(first.outputs('alerts').length).toBeGreaterThan(0)
    expect(first.deadLetters()).toEqual([])
  })

  it('has some bad readings, of each kind', () => {
    const reasons = new Set(run.deadLetters().map(({ reason }) => reason))
    expect(reasons).toEqual(new Set(['value_not_json', 'station_unknown', 'value_not_valid']))
    expect(run.deadLetters().length).toBeLessThan(100)
  })

  it('depends on seed and index alone', () => {
    expect(makeReading(4_711, 7)).toBe(makeReading(4_711, 7))
    expect(makeReading(4_711, 7)).not.toBe(makeReading(4_711, 8))
  })

  it('is plausible: summers of the north are warmer than its winters', () => {
    const inMonth = (month: string): number => {
      const temperatures = run
        .outputs('arizona')
        .map(({ value }) => value as { readonly date: string; readonly TMAX: number })
        .filter(({ date }) => date.startsWith(`2016-${month}`))
        .map(({ TMAX }) => TMAX)
      return temperatures.reduce((sum, next) => sum + next, 0) / temperatures.length
    }
    expect(inMonth('07') - inMonth('01')).toBeGreaterThan(8)
  })
})
