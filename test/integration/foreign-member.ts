import { Kafka, logLevel, AssignerProtocol, type PartitionAssigner } from 'kafkajs'
import { endAfterTests } from '../support/leftovers.js'

/** A member that is not an ETL. `protocol` is how it shares partitions; the default is KafkaJS's own. */
export type ForeignMember = { readonly groupId: string; readonly topic: string; readonly protocol?: string }

const assignerOf =
  (name: string): PartitionAssigner =>
  () => ({
    name,
    version: 0,
    assign: ({ members }) =>
      Promise.resolve(
        members.map(({ memberId }) => ({
          memberId,
          memberAssignment: AssignerProtocol.MemberAssignment.encode({
            version: 0,
            assignment: {},
            userData: Buffer.alloc(0),
          }),
        })),
      ),
    protocol: ({ topics }) => ({
      name,
      metadata: AssignerProtocol.MemberMetadata.encode({ version: 0, topics, userData: Buffer.alloc(0) }),
    }),
  })

/** Joins a group as the client `console-consumer`; resolves once it is a member. */
export const joinGroup = async (
  bootstrap: string,
  { groupId, topic, protocol }: ForeignMember,
): Promise<{ readonly leave: () => Promise<void> }> => {
  const client = new Kafka({ brokers: [bootstrap], clientId: 'console-consumer', logLevel: logLevel.NOTHING })
  const consumer = client.consumer({
    groupId,
    ...(protocol === undefined ? {} : { partitionAssigners: [assignerOf(protocol)] }),
  })
  const forget = endAfterTests(() => consumer.disconnect())
  const { promise: joined, resolve } = Promise.withResolvers<unknown>()
  consumer.on(consumer.events.GROUP_JOIN, resolve)
  await consumer.connect()
  await consumer.subscribe({ topics: [topic] })
  await consumer.run({ eachBatch: () => Promise.resolve() })
  await joined
  return {
    leave: async () => {
      forget()
      await consumer.disconnect()
    },
  }
}
