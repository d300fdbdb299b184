import type { Kafka as Client, KafkaMessage } from 'kafkajs'
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
    onRecord: (range, record) => onMessage(range, record as unknown as KafkaMessage),
  })
