import { namesOfTopic, type AnyDefinition } from '@kafka-etl/pipeline'
import type { ValueDecoder } from '@kafka-etl/pipeline/registry'
import type { FindDecode } from '../records/record-reader.js'
import type { Decode } from '../records/shown-bytes.js'

/**
 * How to decode the values of a topic, by its name in Kafka: with the pipeline's format, or with a schema that they
 * name.
 */
export const createFindDecode = ({ topics }: AnyDefinition, registered: ValueDecoder | undefined): FindDecode => {
  const formats = new Map(
    Object.values(topics).flatMap((topic) => namesOfTopic(topic).map((name) => [name, topic.value])),
  )
  const decodeRegistered: Decode = (bytes) => {
    const decoded = registered?.decode(bytes)
    return decoded?.ok === true ? { text: decoded.json } : undefined
  }
  return (topic) => {
    const format = formats.get(topic)
    return {
      decode: (bytes) => {
        const byRegistry = isFramed(bytes) ? decodeRegistered(bytes) : undefined
        if (byRegistry) return byRegistry
        const decoded = format?.decode(bytes)
        return decoded?.ok === true ? { value: decoded.value } : undefined
      },
      decodeKey: (bytes) => (isFramed(bytes) ? decodeRegistered(bytes) : undefined),
      prepare: async (values) => {
        // Without the registry, the raw bytes are shown.
        await registered?.prepare(values.filter((value) => value !== null && isFramed(value)))?.catch(() => undefined)
      },
    }
  }
}

/** Confluent's wire format: 0, and a schema id in four bytes. */
const isFramed = (bytes: Buffer): boolean => bytes.length > 5 && bytes[0] === 0
