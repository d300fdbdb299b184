import type { FormatTimestamp } from './format-timestamp.js'
import type { Instant } from '@kafka-etl/common'

/** The value of a log's record: `{"date":"2024-02-05 10:01:52.884548 -0500","message":"11"}`. */
export const formatLog = (formatTimestamp: FormatTimestamp, instant: Instant, index: number): string =>
  `{"date":"${formatTimestamp(instant)}","message":"${index}"}`
