import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Reading } from './readings.js'

/** Raises an alert if an element of a station is at most this value. */
export type AlertRule = {
  readonly email: string
  readonly station_id: string
  readonly element: string
  readonly at_most: number
}

/** The rules of alerts.json, in the file's order. */
export const alertRules = JSON.parse(
  readFileSync(join(import.meta.dirname, 'alerts.json'), 'utf8'),
) as readonly AlertRule[]

/** A reading without the element matches no rule. */
export const meetsRule = (reading: Reading, { station_id, element, at_most }: AlertRule): boolean => {
  if (reading.station.id !== station_id) return false
  const measured: unknown = Object.entries(reading).find(([name]) => name === element)?.[1]
  return typeof measured === 'number' && measured <= at_most
}
