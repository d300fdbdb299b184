import { commonSettings, engineSettings, etlSettings, type SettingsOf } from '@kafka-etl/common'

/** What the commands need: the settings that all services share, the group of the ETL, and where Flink is. */
export const adminSettings = { ...commonSettings, groupId: etlSettings.groupId, restUrl: engineSettings.restUrl }

export type AdminSettings = SettingsOf<typeof adminSettings>
