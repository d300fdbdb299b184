import { parsers, setting } from '@kafka-etl/common'
import { timestampsSettings } from '../timestamps/settings.js'

/** The settings of the rides pipeline: its own, and one that it shares with timestamps. */
export const ridesSettings = {
  localTime: timestampsSettings.localTime,
  format: setting(
    'RIDES_FORMAT',
    parsers.oneOf(['both', 'json', 'avro']),
    'both',
    "format of the sample's rides: json, avro, or both in turns",
  ),
}
