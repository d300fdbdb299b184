import {
  commonSettings,
  engineSettings,
  consoleSettings,
  etlSettings,
  httpHostSetting,
  httpPortSetting,
  producerSettings,
  readerSettings,
  registrySettings,
  type Setting,
  type SettingsTable,
} from '../../common-src/src/index.js'
import { ridesSettings } from '../../pipelines/rides/settings.js'
import { timestampsSettings } from '../../pipelines/timestamps/settings.js'
import { stackSettings } from '../../local/src/stack-settings.js'

const listOf = (table: SettingsTable): readonly Setting<unknown>[] => Object.values(table)

const tables: readonly SettingsTable[] = [
  commonSettings,
  { httpPort: httpPortSetting(0), httpHost: httpHostSetting },
  producerSettings,
  etlSettings,
  readerSettings,
  registrySettings,
  timestampsSettings,
  engineSettings,
  consoleSettings,
  ridesSettings,
  stackSettings,
]

/** Everything that a user can set, from the tables of settings; a name in two of them occurs once here. */
export const allSettings: readonly Setting<unknown>[] = [
  ...new Map(tables.flatMap(listOf).map((setting) => [setting.name, setting])).values(),
]
