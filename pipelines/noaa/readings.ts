import { Type, type Static } from '@kafka-etl/pipeline'
import { Station } from './stations.js'

/** What a station measures, by NOAA's names, such as TMIN: numbers, or null for what is missing. */
const elements = { additionalProperties: Type.Union([Type.Number(), Type.Null()]) }

/** A day at a station, which is named by its id. */
export const FlatReading = Type.Object({ station_id: Type.String(), date: Type.String() }, elements)

/** The same with the station in place of its id. */
export const Reading = Type.Object({ station: Station, date: Type.String() }, elements)

/** A reading that met a rule, for whoever the rule is of. */
export const Alert = Type.Object({ station: Station, date: Type.String(), email: Type.String() }, elements)

export type FlatReading = Static<typeof FlatReading>
export type Reading = Static<typeof Reading>
