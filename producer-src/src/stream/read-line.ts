import type { AnyDefinition, Decoded, Format, SampleRecord } from '@kafka-etl/pipeline'
import { indexTopics, type StreamTopic } from './stream.js'

/** A line that names its topic: `{"topic":alias,"key":…,"value":…|null,"timestampMs":…,"afterMs":…}`. */
export type AddressedLine = {
  /** The index in the stream's topics. */
  readonly topic: number
  readonly afterMs: number | undefined
  readonly record: SampleRecord
}

/** The content of a line, or what was expected and what came. */
export type ReadLine =
  { readonly ok: true; readonly line: AddressedLine } | { readonly ok: false; readonly fault: string }

type AnyFormat = Format<unknown>

/** Formats whose bytes are the JSON of a value. */
const formatsOfJson = ['json', 'bytes']

const fields = ['topic', 'key', 'value', 'timestampMs', 'afterMs']

/** Whether a line is an object with a topic and a value. */
export const isAddressed = (text: string): boolean => {
  const line = parseLine(text)
  return isObject(line) && typeof line.topic === 'string' && Object.hasOwn(line, 'value')
}

/** Creates the function that reads a line which names one of `topics`, by alias or by its name in Kafka. */
export const createReadLine = (
  definition: AnyDefinition,
  topics: readonly StreamTopic[],
): ((text: string) => ReadLine) => {
  const indexes = indexTopics(topics)
  const formats = topics.map(({ alias }) => definition.topics[alias]?.value)
  return (text) => {
    const line = parseLine(text)
    if (!isObject(line)) return expected('an object in JSON', text)
    const unknown = Object.keys(line).find((name) => !fields.includes(name))
    if (unknown !== undefined) return expected(`the fields ${fields.join(', ')}`, unknown)
    const topic = typeof line.topic === 'string' ? indexes.get(line.topic) : undefined
    if (topic === undefined) {
      const known = [...new Set(topics.map(({ alias }) => alias))].join(', ')
      return expected(`topic to be one of ${known}`, line.topic)
    }
    if (!Object.hasOwn(line, 'value')) return expected('a value, or null', 'none')
    const { afterMs, timestampMs } = line
    if (!isMilliseconds(afterMs)) return expected('afterMs to be milliseconds from 0', afterMs)
    if (!isMilliseconds(timestampMs)) return expected('timestampMs to be milliseconds from 0', timestampMs)
    const key = isPlain(line.key) ? line.key : exactTextOf(text, 'key')
    const value = readValue(formats[topic], line.value, text)
    if (!value.ok) return { ok: false, fault: value.message }
    const record = {
      value: value.value,
      ...(key === undefined ? {} : { key }),
      ...(timestampMs === undefined ? {} : { timestampMs }),
    }
    return { ok: true, line: { topic, afterMs, record } }
  }
}

const expected = (what: string, got: unknown): ReadLine => ({
  ok: false,
  fault: `expected ${what}, got ${typeof got === 'string' ? quote(got) : got === undefined ? 'none' : JSON.stringify(got)}`,
})

const quote = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text)

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isMilliseconds = (value: unknown): value is number | undefined =>
  value === undefined || (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0)

/** Null, text and the JSON of other values are sent unchanged; other formats have to encode the value. */
const readValue = (format: AnyFormat | undefined, value: unknown, line: string): Decoded<unknown> => {
  if (value === null || format === undefined) return { ok: true, value }
  if (format.fromText) return format.fromText(exactTextOf(line, 'value'))
  const isJson = formatsOfJson.includes(format.name) && typeof value !== 'string'
  return { ok: true, value: isJson ? exactTextOf(line, 'value') : value }
}

const isPlain = (value: unknown): value is string | null | undefined =>
  value === undefined || value === null || typeof value === 'string'

type ExactJson = { readonly rawJSON: (text: string) => unknown }

/** The JSON of a field. Numbers keep the digits of the line, which a double may not hold (JSON.rawJSON). */
const exactTextOf = (line: string, field: 'key' | 'value'): string => {
  const parsed = JSON.parse(line, (_name, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' && context?.source !== undefined
      ? (JSON as unknown as ExactJson).rawJSON(context.source)
      : value,
  ) as Readonly<Record<string, unknown>>
  return JSON.stringify(parsed[field])
}

const parseLine = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
