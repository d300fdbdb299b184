import { messageOf, withDeadline, type Clock, type Logger } from '@kafka-etl/common'
import type { Kafka as Client, Producer } from 'kafkajs'
import { toMessage } from '../records/encoded-records.js'
import { assertWritten } from './acknowledgement.js'
import { explicitPartition, type PartitionWrite } from './partition-write.js'

export type IdempotentSink = {
  /**
   * Resolves when the broker has acknowledged the records: they are in the partition, once. Rejects when that is not
   * known within the stall time; the sink must not be used again then.
   */
  readonly send: (write: PartitionWrite) => Promise<void>
  /** How long the send that is under way has been, 0 if none is. */
  readonly sendingForMs: () => number
  readonly close: () => Promise<void>
}

export type IdempotentSinkOptions = {
  readonly clock: Clock
  readonly logger: Logger
  readonly stallMs: number
  /** The setting that `stallMs` comes from, for the sentence that says that it is over. */
  readonly stallSetting: string
}

/** KafkaJS wraps its sequence numbers to 0 too early (at 2^31 - 1 and whatever is left over is lost): start anew before. */
const recordsPerProducer = 1_000_000_000

const retryPauseMs = 500

/**
 * An idempotent producer that never gives a batch up and goes on. KafkaJS takes its sequence numbers back after a
 * failed send, so the next batch gets those of the failed one; if the broker has that one after all, and only its
 * answer was lost, it takes an equally long next batch for a repetition and drops it. So the same records are sent
 * until they are acknowledged, and a repetition that the broker already has is acknowledged as such. For the same
 * reason a send is one partition's: of several, some could be acknowledged and be sent again with new numbers.
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
        // KafkaJS tries again without end, and its attempts cannot be called off: past the deadline the process has to end.
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

/** After these the broker and this producer no longer agree on what was sent: only a new start can tell. */
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
