import { Type, type Static } from '@kafka-etl/pipeline'
import { Station } from './stations.js'

/** The measured elements by NOAA's names, such as TMIN: numbers, or null for missing values. */
const elements = { additionalProperties: Type.Union([Type.Number(), Type.Null()]) }

/** One day at a station, with the station's id. */
export const FlatReading = Type.Object({ station_id: Type.String(), date: Type.String() }, elements)

/** The same with the station instead of its id. */
export const Reading = Type.Object({ station: Station, date: Type.String() }, elements)

/** A reading that matched a rule, for the person in the rule. */
export const Alert = Type.Object({ station: Station, date: Type.String(), email: Type.String() }, elements)

export type FlatReading = Static<typeof FlatReading>
export type Reading = Static<typeof Reading>
