import { headerNames } from '@kafka-etl/kafka'
import type { TopicRecord } from '../../support/oracle-records.js'

/** A record at topic/partition/offset, with a source header if one is given. */
export const recordAt = (coordinates: string, source?: string, value = ''): TopicRecord => {
  const [topic = '', partition = '', offset = ''] = coordinates.split('/')
  return {
    topic,
    partition: Number(partition),
    offset: BigInt(offset),
    timestampMs: 0,
    key: null,
    value: Buffer.from(value),
    headers: source === undefined ? [] : [{ name: headerNames.source, value: Buffer.from(source) }],
  }
}
