import { commonSettings, etlSettings, type SettingsOf } from '@kafka-etl/common'

/** What the commands need: the settings that all services share, and the group of the ETL. */
export const adminSettings = { ...commonSettings, groupId: etlSettings.groupId }

export type AdminSettings = SettingsOf<typeof adminSettings>
