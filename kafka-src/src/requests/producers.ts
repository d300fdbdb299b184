import { compactArray, compactString, int32, noTags, type ResponseReader } from './bytes.js'
import { sendOwnRequest, type RequestAdmin } from './own-request.js'

const describeProducers = { apiKey: 61, apiVersion: 0, apiName: 'DescribeProducers' } as const

/** A producer that has written to a partition (KIP-664). */
export type PartitionProducer = {
  readonly topic: string
  readonly partition: number
  readonly errorCode: number
  readonly producerId: bigint
  /** When it last wrote, in epoch ms. */
  readonly lastTimestampMs: number
  /** The first offset of its open transaction; undefined if none is open. */
  readonly transactionStart: bigint | undefined
}

/** Asks the leader of these partitions for their producers. */
export const readProducers = async (
  admin: RequestAdmin,
  { nodeId, topics }: { readonly nodeId: number; readonly topics: ReadonlyMap<string, readonly number[]> },
): Promise<readonly PartitionProducer[]> =>
  sendOwnRequest(admin, {
    kind: describeProducers,
    nodeId,
    body: Buffer.concat([
      noTags,
      compactArray([...topics], ([topic, partitions]) =>
        Buffer.concat([compactString(topic), compactArray(partitions, int32), noTags]),
      ),
      noTags,
    ]),
    read: readTopics,
  })

const readTopics = (reader: ResponseReader): readonly PartitionProducer[] => {
  reader.skipTags()
  reader.int32() // throttle_time_ms
  const topics = reader.compactArray(() => {
    const topic = reader.compactString()
    const partitions = reader.compactArray(() => readPartition(reader, topic))
    reader.skipTags()
    return partitions.flat()
  })
  return topics.flat()
}

const readPartition = (reader: ResponseReader, topic: string): readonly PartitionProducer[] => {
  const partition = reader.int32()
  const errorCode = reader.int16()
  reader.compactString() // error_message
  const producers = reader.compactArray(() => ({ topic, partition, errorCode, ...readProducer(reader) }))
  reader.skipTags()
  return producers
}

const readProducer = (
  reader: ResponseReader,
): Pick<PartitionProducer, 'producerId' | 'lastTimestampMs' | 'transactionStart'> => {
  const producerId = reader.int64()
  reader.int32() // producer_epoch
  reader.int32() // last_sequence
  const lastTimestampMs = Number(reader.int64())
  reader.int32() // coordinator_epoch
  const start = reader.int64()
  reader.skipTags()
  return { producerId, lastTimestampMs, transactionStart: start < 0n ? undefined : start }
}
