import { SettingsError, type Instant } from '@kafka-etl/common'
import { createEncodeKey, makeKeyOf, unique, type AnyDefinition, type SampleRecord } from '@kafka-etl/pipeline'
import type { StreamRecord } from './stream.js'

/** Turns what a sample creates for the topic of this alias into a record. */
export type EncodeSample = (made: string | Buffer | SampleRecord, now: Instant) => StreamRecord

const noHeaders: StreamRecord['headers'] = []

/**
 * Text and bytes stay as they are, with one exception: if the format has a schema in a registry, a text is the value's
 * JSON. The topic's format encodes other values. Throws a SettingsError if the format refuses a value.
 */
export const createEncodeSample = ({ topics }: AnyDefinition, alias: string): EncodeSample => {
  const topic = topics[alias]
  if (!topic) throw new SettingsError(`expected a topic of the pipeline, got ${alias}`)
  const { value: format } = topic
  // A unique key derives from the position of a record's input, and a sample has no input.
  const makeKey = topic.key === unique ? undefined : makeKeyOf(topic)
  const encodeKey = createEncodeKey(topic)
  const isRegistered = format.registered !== undefined

  const encodeValue = (value: unknown, handledAtMs: number): StreamRecord['value'] => {
    if (value === null || Buffer.isBuffer(value) || (typeof value === 'string' && !isRegistered)) return value
    const encoded = format.encode(value, { handledAtMs })
    if (!encoded.ok) throw new SettingsError(`${alias}: ${encoded.message}`)
    return encoded.bytes
  }
  const encodeText = (text: string, handledAtMs: number): StreamRecord['value'] => {
    if (format.fromText === undefined) return text
    const decoded = format.fromText(text)
    if (!decoded.ok) throw new SettingsError(`${alias}: ${decoded.message}`)
    return encodeValue(decoded.value, handledAtMs)
  }
  /** A value that does not match its topic has no key: it may be sent to see it rejected. */
  const keyOf = (value: StreamRecord['value']): Buffer | null => {
    if (makeKey === undefined || value === null) return null
    const decoded = format.decode(Buffer.from(value))
    return decoded.ok && decoded.value !== null ? (encodeKey(makeKey(decoded.value, '')) ?? null) : null
  }
  return (made, { epochMs }) => {
    if (typeof made === 'string' || Buffer.isBuffer(made)) {
      const value = typeof made === 'string' ? encodeText(made, epochMs) : made
      return { key: keyOf(value), value, headers: noHeaders, timestampMs: epochMs }
    }
    const value = encodeValue(made.value, epochMs)
    const { key = keyOf(value), headers = noHeaders, timestampMs = epochMs } = made
    return { key: encodeKey(key) ?? null, value, headers, timestampMs }
  }
}
