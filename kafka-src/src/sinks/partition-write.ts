import type { Message } from 'kafkajs'
import type { EncodedRecords } from '../records/encoded-records.js'

/** Encoded records for one partition, as one record batch. */
export type PartitionWrite = { readonly topic: string; readonly partition: number; readonly records: EncodedRecords }

/** A partitioner that throws if a message has no partition: KafkaJS would choose another one on each retry. */
export const explicitPartition = ({
  topic,
  message,
}: {
  readonly topic: string
  readonly message: Message
}): number => {
  if (message.partition === undefined) throw new Error(`expected a message with a partition for ${topic}, got none`)
  return message.partition
}
