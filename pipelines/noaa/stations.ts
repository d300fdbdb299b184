import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Type, type Static } from '@kafka-etl/pipeline'

/** A station of NOAA's Global Historical Climatology Network, Daily. */
export const Station = Type.Object({
  id: Type.String(),
  country_code: Type.String(),
  country: Type.String(),
  location: Type.Object({ lat: Type.Number(), lon: Type.Number() }),
  elevation: Type.Number(),
  state_code: Type.Optional(Type.String()),
  state: Type.Optional(Type.String()),
  name: Type.String(),
  gsn_flag: Type.Optional(Type.String()),
  hcn_crn_flag: Type.Optional(Type.String()),
  wmo_id: Type.Optional(Type.String()),
})

export type Station = Static<typeof Station>

const path = join(import.meta.dirname, 'stations.jsonl')

/** The known stations, in the file's order. They are frozen, and the JSON text of each is created only once. */
export const stations: readonly Station[] = readFileSync(path, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line, (_key, value: unknown) => Object.freeze(value)) as Station)

const stationsById = new Map(stations.map((station) => [station.id, station]))

export const findStation = (id: string): Station | undefined => stationsById.get(id)
