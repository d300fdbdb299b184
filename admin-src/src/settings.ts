import { commonSettings, engineSettings, etlSettings, readerSettings, type SettingsOf } from '@kafka-etl/common'

/** What the commands need: the settings that all services share, the group of the ETL, where Flink is, and where the results are. */
export const adminSettings = {
  ...commonSettings,
  groupId: etlSettings.groupId,
  restUrl: engineSettings.restUrl,
  resultsDir: readerSettings.resultsDir,
}

export type AdminSettings = SettingsOf<typeof adminSettings>
