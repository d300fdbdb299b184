import { formatSource, headerNames } from '@kafka-etl/kafka'
import { headerText, type TopicRecord } from './oracle-records.js'

/** The coordinates of a record in its own topic, in the format of the `source` header. */
export const coordinatesOf = ({ topic, partition, offset }: TopicRecord): string =>
  formatSource({ topic, partition, offset })

/** The `source` header of an output; fails if it is missing. */
export const sourceOf = (record: TopicRecord): string => {
  const source = headerText(record, headerNames.source)
  if (source === undefined)
    throw new Error(`Expected the header ${headerNames.source} on ${coordinatesOf(record)}, got none`)
  return source
}
