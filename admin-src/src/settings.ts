import { commonSettings, engineSettings, etlSettings, readerSettings, type SettingsOf } from '@kafka-etl/common'

/**
 * The settings of the commands: those that all services share, the ETL's group, Flink's address, and the results
 * folder.
 */
export const adminSettings = {
  ...commonSettings,
  groupId: etlSettings.groupId,
  restUrl: engineSettings.restUrl,
  resultsDir: readerSettings.resultsDir,
}

export type AdminSettings = SettingsOf<typeof adminSettings>
