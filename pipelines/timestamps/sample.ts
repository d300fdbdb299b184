import type { Input, Instant } from '@kafka-etl/common'
import { generated, type GeneratedSample } from '@kafka-etl/pipeline'
import { chooseZone } from './choose-zone.js'
import { createFormatTimestamp, type FormatTimestamp } from './format-timestamp.js'

/**
 * A log a second, each of a zone by chance, with the moment at which it is sent as its date. Order counts within a
 * topic alone, since each topic is a server of its own.
 */
export const sampleLogs = (inputs: readonly Input[]): GeneratedSample => {
  const sources = inputs.map(({ topic, zone }) => ({ topic, zone, formatTimestamp: createFormatTimestamp(zone) }))
  const sourceOf = (index: number, seed: number): Source => {
    const source = sources[chooseZone(seed, index, sources.length)]
    if (!source) throw new Error(`expected at least one input, got none`)
    return source
  }
  return generated((index, seed, now) => formatLog(sourceOf(index, seed), index, now), {
    count: 100,
    rate: 1,
    noun: 'logs',
    order: 'topic',
    topicOf: (index, seed) => sourceOf(index, seed).topic,
    labelOf: (topic) => `${topic} (${inputs.find((input) => input.topic === topic)?.zone ?? 'no zone'})`,
  })
}

type Source = { readonly topic: string; readonly formatTimestamp: FormatTimestamp }

/** The value of a log's record: `{"date":"2024-02-05 10:01:52.884548 -0500","message":"11"}`. */
const formatLog = ({ formatTimestamp }: Source, index: number, now: Instant): string =>
  `{"date":"${formatTimestamp(now)}","message":"${index}"}`
