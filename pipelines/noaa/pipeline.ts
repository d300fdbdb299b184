import { definePipeline, generated, json, reject, rows, Type } from '@kafka-etl/pipeline'
import { alertRules, meetsRule } from './alert-rules.js'
import { Alert, FlatReading, Reading } from './readings.js'
import { makeReading } from './sample.js'
import { findStation } from './stations.js'

/** Adds station data to weather readings, separates those of Arizona, and raises alerts by rules. */
export const pipeline = definePipeline({
  name: 'noaa',
  topics: {
    flat: { name: 'noaa-flat', value: json(Type.Union([FlatReading, Type.Array(FlatReading)])), partitions: 1 },
    readings: { name: 'noaa-json', value: json(Reading), key: ({ station }) => station.id, partitions: 4 },
    arizona: { name: 'noaa-json-us-az', value: json(Reading), key: ({ station }) => station.id, partitions: 4 },
    alerts: { name: 'noaa-alerts', value: json(Alert), partitions: 1 },
  },
  reasons: ['station_unknown'],
  steps: {
    flat: ({ value }, { to }) => {
      const enriched = (Array.isArray(value) ? value : [value]).map(({ station_id, ...reading }) => ({
        id: station_id,
        station: findStation(station_id),
        reading,
      }))
      const unknown = enriched.find(({ station }) => station === undefined)
      if (unknown) return reject('station_unknown', `Expected a station of stations.jsonl, got ${unknown.id}`)
      return enriched.flatMap(({ station, reading }) => (station ? [to.readings({ station, ...reading })] : []))
    },
    readings: ({ value: reading }, { to }) => {
      const { country_code, state_code } = reading.station
      const isOfArizona = country_code === 'US' && state_code === 'AZ'
      const met = alertRules.filter((rule) => meetsRule(reading, rule))
      return [
        ...(isOfArizona ? [to.arizona(reading)] : []),
        ...met.map(({ email }) => to.alerts({ ...reading, email })),
      ]
    },
  },
  sample: { flat: generated(makeReading, { count: 20_000, rate: 500 }) },
  results: { alerts: rows(['email', 'station.id', 'station.name', 'date', 'TMIN'], { first: true }) },
})
