import { randomUUID } from 'node:crypto'
import type { Admin, Consumer, EachMessagePayload, Kafka } from 'kafkajs'
import { coordinatorPartition } from './coordinator-partition.js'

/** How far the broker's clock is ahead of ours, and how far that can be wrong. */
export type ClockOffset = { readonly aheadMs: number; readonly uncertaintyMs: number }

const offsetsTopic = '__consumer_offsets'
const deadlineMs = 20_000

/**
 * Compares the clocks without writing anything of our own. When a group forms, its coordinator notes that in
 * `__consumer_offsets` and stamps the note with its own clock, between the request (SyncGroup) and the answer. So a
 * throw-away group reads the note of its own forming; as in NTP, half of the time between is the uncertainty.
 */
export const measureClockOffset = async (
  kafka: Kafka,
  admin: Admin,
  groupPrefix: string,
): Promise<ClockOffset | undefined> => {
  const groupId = `${groupPrefix}-clock-${randomUUID()}`
  const offsets = await admin.fetchTopicOffsets(offsetsTopic)
  const partition = coordinatorPartition(groupId, offsets.length)
  const start = offsets.find((entry) => entry.partition === partition)?.high ?? '0'
  const consumer = kafka.consumer({
    groupId,
    readUncommitted: true,
    maxWaitTimeInMs: 100,
    allowAutoTopicCreation: false,
  })
  const { promise: expired, resolve: expire } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => expire(undefined), deadlineMs)
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [offsetsTopic] })
    return await Promise.race([readOwnNote(consumer, groupId, partition, start), expired])
  } finally {
    clearTimeout(timer)
    await consumer.disconnect().catch(() => undefined)
    await admin.deleteGroups([groupId]).catch(() => undefined)
  }
}

const readOwnNote = (consumer: Consumer, groupId: string, partition: number, start: string): Promise<ClockOffset> =>
  new Promise((resolve, reject) => {
    const { REQUEST, GROUP_JOIN, CRASH } = consumer.events
    let asked = { sentAtMs: 0, durationMs: 0 }
    let memberId = ''
    consumer.on(REQUEST, ({ payload }) => {
      if (payload.apiName === 'SyncGroup') asked = { sentAtMs: payload.sentAt, durationMs: payload.duration }
    })
    consumer.on(GROUP_JOIN, ({ payload }) => {
      memberId = payload.memberId
      const others = (payload.memberAssignment[offsetsTopic] ?? []).filter((other) => other !== partition)
      consumer.pause([{ topic: offsetsTopic, partitions: others }])
      consumer.seek({ topic: offsetsTopic, partition, offset: start })
    })
    consumer.on(CRASH, ({ payload }) => reject(payload.error))
    const eachMessage = ({ message }: EachMessagePayload): Promise<void> => {
      const isOwn = message.key?.includes(groupId) === true && message.value?.includes(memberId) === true
      if (isOwn) resolve(toOffset(Number(message.timestamp), asked))
      return Promise.resolve()
    }
    consumer.run({ autoCommit: false, eachMessage }).catch(reject)
  })

const toOffset = (
  brokerMs: number,
  { sentAtMs, durationMs }: { readonly sentAtMs: number; readonly durationMs: number },
): ClockOffset => ({ aheadMs: brokerMs - (sentAtMs + durationMs / 2), uncertaintyMs: durationMs / 2 + 1 })
