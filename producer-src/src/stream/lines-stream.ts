import { messageOf, SettingsError } from '@kafka-etl/common'
import type { AnyDefinition, SampleRecord } from '@kafka-etl/pipeline'
import { createEncodeSample } from './encode-sample.js'
import { createReadLine, type AddressedLine } from './read-line.js'
import { everyRecord, noPause, type Stream, type StreamTopic } from './stream.js'
import type { TextLines } from './text-lines.js'

type Pace = { readonly rate: number; readonly count: number | undefined }

/** Each line is a value for `topic`. If the stream is longer than the file, the file repeats. */
export const createValuesStream = (
  definition: AnyDefinition,
  topic: StreamTopic,
  lines: TextLines,
  pace: Pace,
): Stream => {
  const encode = createEncodeSample(definition, topic.alias)
  return {
    ...streamOfFile(lines, pace),
    topics: [topic],
    topicAt: () => 0,
    afterMsAt: noPause,
    recordAt: (index, now) => encode(lines.at(index % lines.length), now),
  }
}

/**
 * Each line names one of `topics`. All lines are checked first: a bad line throws a SettingsError that names the line,
 * and nothing is sent.
 */
export const createAddressedStream = (
  definition: AnyDefinition,
  topics: readonly StreamTopic[],
  lines: TextLines,
  pace: Pace,
): Stream => {
  const readLine = createReadLine(definition, topics)
  const encoders = topics.map(({ alias }) => createEncodeSample(definition, alias))
  const lineAt = (index: number): AddressedLine => {
    const at = index % lines.length
    const read = readLine(lines.at(at))
    if (read.ok) return read.line
    throw new SettingsError(`${lines.path}, line ${at + 1}: ${read.fault}`)
  }
  const isRegistered = topics.map(({ alias }) => definition.topics[alias]?.value.registered !== undefined)
  /** Skips formats with a schema in a registry: they can encode only after they know the schema's id. */
  const checkRecord = (index: number, topic: number, record: SampleRecord): void => {
    if (isRegistered[topic] === true) return
    try {
      encoders[topic]?.(record, { epochMs: 0, microsOfMs: 0 })
    } catch (error) {
      throw new SettingsError(`${lines.path}, line ${index + 1}: ${messageOf(error)}`)
    }
  }
  const used = new Map<number, number>()
  const topicOfLine = new Uint16Array(lines.length)
  const pauses = new Map<number, number>()
  for (let index = 0; index < lines.length; index++) {
    const { topic, afterMs, record } = lineAt(index)
    checkRecord(index, topic, record)
    if (!used.has(topic)) used.set(topic, used.size)
    topicOfLine[index] = used.get(topic) ?? 0
    if (afterMs !== undefined) pauses.set(index, afterMs)
  }
  return {
    ...streamOfFile(lines, pace),
    topics: [...used.keys()].flatMap((index) => topics[index] ?? []),
    topicAt: (index) => topicOfLine[index % lines.length] ?? 0,
    afterMsAt: (index) => pauses.get(index % lines.length),
    recordAt: (index, now) => {
      const { topic, record } = lineAt(index)
      const encode = encoders[topic]
      if (!encode) throw new Error(`expected topic ${topic} of ${topics.length}, got none`)
      return encode(record, now)
    },
  }
}

const idLength = 12

const streamOfFile = ({ length, sha256 }: TextLines, { rate, count }: Pace) => ({
  // The id derives from the contents: a changed file is a new stream, and is sent from its first line.
  id: sha256.slice(0, idLength),
  noun: 'lines',
  isOrdered: true,
  rate,
  count: count ?? length,
  recordsOf: everyRecord,
})
