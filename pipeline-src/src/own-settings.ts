import type { SettingsOf, SettingsTable } from '@kafka-etl/common'

const prefix = 'pipeline.'

/**
 * Puts a pipeline's own settings into one table with those of a service: a `count` of the pipeline does not collide
 * with a `count` of the service.
 */
export const besideService = (own: SettingsTable): SettingsTable =>
  Object.fromEntries(Object.entries(own).map(([property, row]) => [`${prefix}${property}`, row]))

/** The values of {@link besideService}, by the pipeline's own property names. Values that did not parse are absent. */
export const ownSettings = (values: object): SettingsOf<SettingsTable> =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([property]) => property.startsWith(prefix))
      .map(([property, value]) => [property.slice(prefix.length), value as unknown]),
  )
