import { randomUUID } from 'node:crypto'
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs'

/** A stretch of a partition: offsets from `from` up to but not including `to`. */
export type OffsetRange = {
  readonly topic: string
  readonly partition: number
  readonly from: bigint
  readonly to: bigint
}

export type ReadRangeOptions = {
  readonly kafka: Kafka
  readonly ranges: readonly OffsetRange[]
  readonly onMessage: (range: OffsetRange, message: KafkaMessage) => void
  /** Rejects when no end has come until then. */
  readonly timeoutMs: number
}

/**
 * Reads the ranges, all at once, and resolves when each has been read to its end. KafkaJS cannot read without a
 * consumer group, so it joins one of its own, which is gone afterwards and has committed nothing.
 */
export const readRanges = async ({ kafka, ranges, onMessage, timeoutMs }: ReadRangeOptions): Promise<void> => {
  const groupId = `producer-resume-${randomUUID()}`
  // Uncommitted records too: a transaction that somebody else left open must not hide what comes after it.
  const consumer = kafka.consumer({
    groupId,
    readUncommitted: true,
    maxWaitTimeInMs: 100,
    allowAutoTopicCreation: false,
  })
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [...new Set(ranges.map(({ topic }) => topic))] })
    await within(timeoutMs, readAll(consumer, ranges, onMessage))
  } finally {
    await consumer.disconnect().catch(() => undefined)
    await deleteGroup(kafka, groupId)
  }
}

const readAll = (
  consumer: Consumer,
  ranges: readonly OffsetRange[],
  onMessage: ReadRangeOptions['onMessage'],
): Promise<void> =>
  new Promise((resolve, reject) => {
    const open = new Map(ranges.map((range) => [keyOf(range), range]))
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
    // This comes for batches too that hold nothing to show, such as the marks of transactions.
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
      const range = open.get(keyOf(payload))
      if (range && BigInt(payload.lastOffset) >= range.to - 1n) open.delete(keyOf(range))
      if (open.size === 0) resolve()
    })
    const eachBatch = ({ batch }: EachBatchPayload): Promise<void> => {
      const range = open.get(keyOf(batch))
      if (range) for (const message of batch.messages) if (isWithin(range, message)) onMessage(range, message)
      return Promise.resolve()
    }
    consumer
      .run({ autoCommit: false, eachBatch })
      .then(() =>
        ranges.forEach(({ topic, partition, from }) => consumer.seek({ topic, partition, offset: String(from) })),
      )
      .catch(reject)
  })

const keyOf = ({ topic, partition }: { readonly topic: string; readonly partition: number }): string =>
  `${topic}/${partition}`

const isWithin = ({ from, to }: OffsetRange, { offset }: KafkaMessage): boolean =>
  BigInt(offset) >= from && BigInt(offset) < to

const within = async (timeoutMs: number, work: Promise<void>): Promise<void> => {
  const { promise: expired, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new Error(`expected to have read the ends of the input topics within ${timeoutMs / 1000} s, had not`)),
    timeoutMs,
  )
  try {
    await Promise.race([work, expired])
  } finally {
    clearTimeout(timer)
  }
}

const deleteGroup = async (kafka: Kafka, groupId: string): Promise<void> => {
  const admin = kafka.admin()
  try {
    await admin.connect()
    await admin.deleteGroups([groupId])
  } catch {
    // An empty group without offsets costs nothing, and the broker forgets it by itself.
  } finally {
    await admin.disconnect().catch(() => undefined)
  }
}
