import type { Input } from '@kafka-etl/common'
import { generated, type GeneratedSample } from '@kafka-etl/pipeline'
import { chooseZone } from './choose-zone.js'
import { createFormatTimestamp, type FormatTimestamp } from './format-timestamp.js'

/**
 * One log a second from a random zone, dated with the time of sending. Logs keep their order only within a topic, since
 * each topic is a separate server.
 */
export const sampleLogs = (inputs: readonly Input[]): GeneratedSample => {
  const formatters = new Map<string, FormatTimestamp>()
  const formatterOf = (zone: string): FormatTimestamp => {
    const formatter = formatters.get(zone) ?? createFormatTimestamp(zone)
    formatters.set(zone, formatter)
    return formatter
  }
  const inputOf = (index: number, seed: number): Input => {
    const input = inputs[chooseZone(seed, index, inputs.length)]
    if (!input) throw new Error('expected at least one input, got none')
    return input
  }
  return generated((index, seed, now) => formatLog(formatterOf(inputOf(index, seed).zone)(now), index), {
    count: 100,
    rate: 1,
    noun: 'logs',
    order: 'topic',
    topicOf: (index, seed) => inputOf(index, seed).topic,
    labelOf: (topic) => `${topic} (${inputs.find((input) => input.topic === topic)?.zone ?? 'no zone'})`,
  })
}

/** The value of a log's record: `{"date":"2024-02-05 10:01:52.884548 -0500","message":"11"}`. */
const formatLog = (date: string, index: number): string => `{"date":"${date}","message":"${index}"}`
