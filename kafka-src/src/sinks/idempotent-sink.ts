import { messageOf, withDeadline, type Clock, type Logger } from '@kafka-etl/common'
import type { Kafka as Client, Producer } from 'kafkajs'
import { toMessage } from '../records/encoded-records.js'
import { assertWritten } from './acknowledgement.js'
import { explicitPartition, type PartitionWrite } from './partition-write.js'

export type IdempotentSink = {
  /**
   * Resolves once the broker has acknowledged the records: they are in the partition exactly once. Rejects if that is
   * unknown after the stall time; the sink must not be used after that.
   */
  readonly send: (write: PartitionWrite) => Promise<void>
  /** For how long the current send has been running; 0 if there is none. */
  readonly sendingForMs: () => number
  readonly close: () => Promise<void>
}

export type IdempotentSinkOptions = {
  readonly clock: Clock
  readonly logger: Logger
  readonly stallMs: number
  /** The name of the setting behind `stallMs`, for the error message. */
  readonly stallSetting: string
}

/**
 * A new producer starts before KafkaJS wraps its sequence numbers: it wraps them to 0 too early, at 2^31 - 1, and loses
 * the remainder.
 */
const recordsPerProducer = 1_000_000_000

const retryPauseMs = 500

/**
 * An idempotent producer that never gives up a batch to continue with the next. After a failed send, KafkaJS resets its
 * sequence numbers, and the next batch reuses those of the failed one. If the broker did write the failed batch and
 * only its response was lost, it takes a next batch of the same length for a duplicate and drops it. This sink
 * therefore sends the same records until they are acknowledged, and the broker also acknowledges a duplicate. For the
 * same reason, a send has only one partition: of several, some could be acknowledged and then be sent again with new
 * numbers.
 */
export const openIdempotentSink = async (
  client: Client,
  { clock, logger, stallMs, stallSetting }: IdempotentSinkOptions,
): Promise<IdempotentSink> => {
  let producer = await connectProducer(client)
  let sentByProducer = 0
  let startedMs: number | undefined

  const sendUntilAcknowledged = async (write: PartitionWrite, deadlineMs: number): Promise<void> => {
    const { topic, partition } = write
    for (;;) {
      try {
        // KafkaJS retries forever and its attempts cannot be cancelled: after the deadline, the process has to end.
        const expected = `an acknowledgement of ${topic}/${partition} (${stallSetting})`
        await withDeadline(sendOnce(producer, write), deadlineMs - clock.monotonicMs(), expected)
        return
      } catch (error) {
        if (isHopeless(error) || clock.monotonicMs() >= deadlineMs) throw error
        const cause = messageOf(error)
        logger.warn({ topic, partition, cause }, `${topic}/${partition}: sending failed, retrying: ${cause}`)
        await clock.sleep(retryPauseMs)
      }
    }
  }

  return {
    send: async (write) => {
      const nowMs = clock.monotonicMs()
      startedMs = nowMs
      if (sentByProducer + write.records.length > recordsPerProducer) {
        await producer.disconnect()
        producer = await connectProducer(client)
        sentByProducer = 0
      }
      await sendUntilAcknowledged(write, nowMs + stallMs)
      sentByProducer += write.records.length
      startedMs = undefined
    },
    sendingForMs: () => (startedMs === undefined ? 0 : clock.monotonicMs() - startedMs),
    close: () => producer.disconnect(),
  }
}

const connectProducer = async (client: Client): Promise<Producer> => {
  const producer = client.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: Number.MAX_SAFE_INTEGER },
    createPartitioner: () => explicitPartition,
  })
  await producer.connect()
  return producer
}

const sendOnce = async (producer: Producer, { topic, partition, records }: PartitionWrite): Promise<void> => {
  const written = await producer.send({ topic, acks: -1, messages: [toMessage(records, partition)] })
  assertWritten(written, topic, partition)
}

/** After these errors, broker and producer no longer agree on what was sent. Only a restart can find out. */
const hopelessTypes: readonly string[] = [
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
  'MESSAGE_TOO_LARGE',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
]

const isHopeless = (error: unknown): boolean => {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('type' in cause && hopelessTypes.includes(String(cause.type))) return true
  }
  return false
}
