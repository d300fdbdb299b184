import type { SettingsOf, SettingsTable } from '@kafka-etl/common'

const prefix = 'pipeline.'

/** A pipeline's own settings, for one table with a service's: `count` of a pipeline is not the `count` of a service. */
export const besideService = (own: SettingsTable): SettingsTable =>
  Object.fromEntries(Object.entries(own).map(([property, row]) => [`${prefix}${property}`, row]))

/** The values of {@link besideService}, by the pipeline's own property names. Those that did not parse are absent. */
export const ownSettings = (values: object): SettingsOf<SettingsTable> =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([property]) => property.startsWith(prefix))
      .map(([property, value]) => [property.slice(prefix.length), value as unknown]),
  )
