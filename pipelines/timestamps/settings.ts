import { parsers, setting, type SettingsOf } from '@kafka-etl/common'

/** The timestamps pipeline's own settings. */
export const timestampsSettings = {
  inputs: setting(
    'INPUTS',
    parsers.inputs,
    'timezone1=America/New_York,timezone2=Europe/Paris',
    'topic=IANA zone, any number of them',
  ),
  outputTopic: setting('OUTPUT_TOPIC', parsers.topicName, 'unified_timestamps', 'topic of the normalized logs'),
  localTime: setting(
    'ETL_LOCAL_TIME',
    parsers.oneOf(['reject', 'earlier', 'later']),
    'reject',
    'how to read a date without offset in the hour that a clock change repeats or skips: reject, earlier, later',
  ),
  zoneCheck: setting(
    'ETL_ZONE_CHECK',
    parsers.oneOf(['off', 'warn', 'reject']),
    'warn',
    "what to do if the topic's zone did not have the date's offset at that instant: off (nothing), warn (count it, log it now and then), reject",
  ),
  dates: setting(
    'ETL_DATES',
    parsers.oneOf(['strict', 'iso']),
    'strict',
    'strict: dates as strftime prints them; iso: also T, 0 to 6 digits of fraction (more only if they are zeros), Z, ±hh, ±hh:mm',
  ),
}

type Known = Partial<SettingsOf<typeof timestampsSettings>>

/** An ETL that writes to its own input would never end. Settings that did not parse are absent. */
export const findTopicFaults = (
  { inputs, outputTopic }: Known,
  { deadLetterTopic }: { readonly deadLetterTopic: string | undefined },
): readonly string[] => {
  const topics = (inputs ?? []).map(({ topic }) => topic)
  const reads = (topic: string | undefined): topic is string => topic !== undefined && topics.includes(topic)
  return [
    ...(reads(outputTopic) ? [`OUTPUT_TOPIC: expected a topic that is not one of INPUTS, got ${outputTopic}`] : []),
    ...(reads(deadLetterTopic)
      ? [`DEAD_LETTER_TOPIC: expected a topic that is not one of INPUTS, got ${deadLetterTopic}`]
      : []),
    ...(deadLetterTopic !== undefined && deadLetterTopic === outputTopic
      ? [`DEAD_LETTER_TOPIC: expected another topic than OUTPUT_TOPIC, got ${deadLetterTopic}, too`]
      : []),
  ]
}
