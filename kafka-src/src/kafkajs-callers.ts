import { createSystemClock } from '@kafka-etl/common'
import type { Admin, KafkaMessage } from 'kafkajs'
import { toKafkaAdmin as toKafkaAdminOf, type KafkaAdmin } from './admin/kafka-admin.js'
import type { PartitionCounts } from './admin/topics.js'
import type { Client } from './client/client.js'
import { toKafkaMessage } from './records/whole-records.js'
import { repeatWhileBeingMade as repeatWhileBeingMadeOf } from './admin/while-being-made.js'
import { readRanges as readRangesOf, type OffsetRange, type RangesRead } from './source/read-ranges.js'

/** For what does not use the port yet; goes away with the last of them. */
export type ReadRangesOptions<Range extends OffsetRange> = Omit<
  Parameters<typeof readRangesOf<Range>>[1],
  'onRecord'
> & {
  readonly kafka: Client
  readonly onMessage: (range: Range, message: KafkaMessage) => Promise<void> | void
}

export const readRanges = <Range extends OffsetRange>({
  kafka,
  onMessage,
  ...options
}: ReadRangesOptions<Range>): Promise<RangesRead<Range>> =>
  readRangesOf(kafka, {
    ...options,
    onRecord: (range, record) => onMessage(range, toKafkaMessage(record)),
  })

export const toKafkaAdmin = (admin: Admin): KafkaAdmin => toKafkaAdminOf(admin, createSystemClock())

export const readPartitionCounts = (admin: Admin, topics: readonly string[]): Promise<PartitionCounts> =>
  toKafkaAdmin(admin).readPartitionCounts(topics)

export const repeatWhileBeingMade = <T>(ask: () => Promise<T>): Promise<T> =>
  repeatWhileBeingMadeOf(ask, createSystemClock())
