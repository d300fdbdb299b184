import { messageOf, withDeadline, type Clock, type Logger } from '@kafka-etl/common'
import { toMessage, type RecordRun } from '@kafka-etl/kafka'
import type { Kafka, Message, Producer } from 'kafkajs'

/** One request: a run of records of one partition. */
export type PartitionRun = { readonly topic: string; readonly partition: number; readonly run: RecordRun }

export type Publisher = {
  /**
   * Resolves when the broker has acknowledged the records: they are in the partition, once. Rejects when that is not
   * known within the stall time; the publisher must not be used again then.
   */
  readonly send: (batch: PartitionRun) => Promise<void>
  /** How long the send that is under way has been, 0 if none is. */
  readonly sendingForMs: () => number
  readonly close: () => Promise<void>
}

export type PublisherOptions = {
  readonly kafka: Kafka
  readonly clock: Clock
  readonly logger: Logger
  readonly stallMs: number
}

/** KafkaJS wraps its sequence numbers to 0 too early (at 2^31 - 1 and whatever is left over is lost): start anew before. */
const messagesPerProducer = 1_000_000_000

const retryPauseMs = 500

/**
 * An idempotent producer that never gives a batch up and goes on. KafkaJS takes its sequence numbers back after a
 * failed send, so the next batch gets those of the failed one; if the broker has that one after all, and only its
 * answer was lost, it takes an equally long next batch for a repetition and drops it. So the same records are sent
 * until they are acknowledged, and a repetition that the broker already has is acknowledged as such. For the same
 * reason a send is one partition's: of several, some could be acknowledged and be sent again with new numbers.
 */
export const createPublisher = async ({ kafka, clock, logger, stallMs }: PublisherOptions): Promise<Publisher> => {
  let producer = await connectProducer(kafka)
  let sentByProducer = 0
  let startedMs: number | undefined

  const sendUntilAcknowledged = async (batch: PartitionRun, deadlineMs: number): Promise<void> => {
    const { topic, partition } = batch
    for (;;) {
      try {
        // KafkaJS tries again without end, and its attempts cannot be called off: past the deadline the process has to end.
        const expected = `an acknowledgement of ${topic}/${partition} (PRODUCER_STALL_SECONDS)`
        await withDeadline(sendOnce(producer, batch), deadlineMs - clock.monotonicMs(), expected)
        return
      } catch (error) {
        if (isHopeless(error) || clock.monotonicMs() >= deadlineMs) throw error
        const cause = messageOf(error)
        logger.warn({ topic, partition, cause }, `${topic}/${partition}: sending has failed, trying again: ${cause}`)
        await clock.sleep(retryPauseMs)
      }
    }
  }

  return {
    send: async (batch) => {
      startedMs = clock.monotonicMs()
      if (sentByProducer + batch.run.length > messagesPerProducer) {
        await producer.disconnect()
        producer = await connectProducer(kafka)
        sentByProducer = 0
      }
      await sendUntilAcknowledged(batch, startedMs + stallMs)
      sentByProducer += batch.run.length
      startedMs = undefined
    },
    sendingForMs: () => (startedMs === undefined ? 0 : clock.monotonicMs() - startedMs),
    close: () => producer.disconnect(),
  }
}

const connectProducer = async (kafka: Kafka): Promise<Producer> => {
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: Number.MAX_SAFE_INTEGER },
    createPartitioner: () => explicitPartition,
  })
  await producer.connect()
  return producer
}

const explicitPartition = ({ topic, message }: { readonly topic: string; readonly message: Message }): number => {
  if (message.partition === undefined) throw new Error(`expected a message with a partition for ${topic}, got none`)
  return message.partition
}

const sendOnce = async (producer: Producer, { topic, partition, run }: PartitionRun): Promise<void> => {
  const answers = await producer.send({ topic, acks: -1, messages: [toMessage(run, partition)] })
  // KafkaJS can resolve without an answer for a partition whose leader has moved meanwhile.
  const isCovered = answers.some(
    (answer) => answer.topicName === topic && answer.partition === partition && answer.errorCode === 0,
  )
  if (!isCovered) throw new Error(`expected an acknowledgement of ${topic}/${partition}, got none`)
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
