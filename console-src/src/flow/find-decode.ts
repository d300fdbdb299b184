import { namesOfTopic, type AnyDefinition } from '@kafka-etl/pipeline'
import type { FindDecode } from '../records/record-reader.js'

/** By Kafka's name of a topic, how its values are read. */
export const createFindDecode = ({ topics }: AnyDefinition): FindDecode => {
  const formats = new Map(
    Object.values(topics).flatMap((topic) => namesOfTopic(topic).map((name) => [name, topic.value])),
  )
  return (topic) => {
    const format = formats.get(topic)
    return format === undefined
      ? undefined
      : (bytes) => {
          const decoded = format.decode(bytes)
          return decoded.ok ? decoded.value : undefined
        }
  }
}
