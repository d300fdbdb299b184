import type { RecordMetadata } from 'kafkajs'

/**
 * Throws unless the broker has acknowledged the partition. KafkaJS resolves a send even if it never wrote a partition
 * whose leader moved (tulios/kafkajs#1303, PR #1798).
 */
export const assertWritten = (written: readonly RecordMetadata[], topic: string, partition: number): void => {
  const acknowledged = written.find((metadata) => metadata.topicName === topic && metadata.partition === partition)
  if (acknowledged?.errorCode === 0) return
  throw new Error(
    `expected an acknowledgement of ${topic} partition ${partition}, got ${acknowledged ? `error code ${acknowledged.errorCode}` : 'none'}`,
  )
}
