import { createRunBuilder, encodeHeaders, toMessage } from '@kafka-etl/kafka'
import { describe, expect, it, jest } from '@jest/globals'

/**
 * Tests the changes of patches/kafkajs+2.2.4.patch in the modules of KafkaJS that they change. patches/README.md
 * explains each of them. Without the patch, these tests fail.
 */

const silent = { debug: () => undefined, warn: () => undefined, namespace: () => silent }

type Bytes = { readonly buffer: Buffer }

const encodeRecord = jest.requireActual<(record: Readonly<Record<string, unknown>>) => Bytes>(
  'kafkajs/src/protocol/recordBatch/record/v0',
)

describe('the request queue', () => {
  const RequestQueue = jest.requireActual<new (options: object) => Queue>('kafkajs/src/network/requestQueue')
  type Queue = {
    checkPendingRequests: () => void
    throttleCheckTimeoutId: unknown
    pending: unknown[]
    destroy: () => void
  }

  it('sets no timer while nothing is pending', () => {
    const queue = new RequestQueue({ maxInFlightRequests: 1, requestTimeout: 1_000, logger: silent })
    queue.checkPendingRequests()
    expect(queue.throttleCheckTimeoutId).toBeNull()
    queue.destroy()
  })
})

describe('a record', () => {
  it('may have a header whose value is null', () => {
    const { buffer } = encodeRecord({ value: null, key: null, headers: { gone: null } })
    expect(buffer.subarray(-encodeHeaders([{ key: 'gone', value: null }]).length)).toEqual(
      encodeHeaders([{ key: 'gone', value: null }]),
    )
  })
})

describe('messages of one partition', () => {
  const group = jest.requireActual<(input: object) => Record<number, ArrayLike<unknown>>>(
    'kafkajs/src/producer/groupMessagesPerPartition',
  )
  const partitioner = ({ message }: { message: { partition: number } }): number => message.partition
  const partitionMetadata = [{}]

  it('are appended one by one', () => {
    const messages = Array.from({ length: 50_000 }, (_, index) => ({ partition: index % 2, index }))
    const grouped = group({ messages, partitionMetadata, partitioner })
    expect(grouped[0]).toHaveLength(25_000)
    expect(grouped[1]).toHaveLength(25_000)
  })

  it('may be one run of encoded records, that counts as many messages as it has records', () => {
    const encodedRecords = { length: 7, buffer: Buffer.alloc(3) }
    const grouped = group({ messages: [{ partition: 3, encodedRecords }], partitionMetadata, partitioner })
    expect(grouped[3]).toBe(encodedRecords)
  })
})

describe('a produce request', () => {
  type Request = { readonly encode: () => Promise<Bytes> }
  const createRequest = jest.requireActual<(input: object) => Request>(
    'kafkajs/src/protocol/requests/produce/v3/request',
  )
  const encode = async (messages: unknown): Promise<Buffer> => {
    const topicData = [{ topic: 't', partitions: [{ partition: 0, firstSequence: 0, messages }] }]
    return (await createRequest({ acks: -1, timeout: 1, topicData }).encode()).buffer
  }
  const message = (timestamp: string): object => ({ key: null, value: Buffer.from(timestamp), timestamp })

  it('has the same bytes from messages and from their encoded records', async () => {
    const builder = createRunBuilder(1_000_000, 10)
    const add = (timestampMs: number): void => {
      const value = Buffer.from(String(timestampMs))
      const range = { key: null, keyStart: 0, keyEnd: 0, value, valueStart: 0, valueEnd: value.length }
      builder.add({ ...range, headers: Buffer.from([0]), headersEnd: 1, timestampMs })
    }
    add(1_000)
    add(1_001)
    const [run] = builder.finish()
    if (!run) throw new Error('expected a run of records, got none')
    const encoded = await encode(toMessage(run, 0).encodedRecords)
    expect(encoded.equals(await encode([message('1000'), message('1001')]))).toBe(true)
  })

  it('takes the least and the greatest timestamp by number, not by text', async () => {
    const bytes = await encode([message('1000'), message('999')])
    const numbers = [999, 1_000].map((value) => {
      const int64 = Buffer.alloc(8)
      int64.writeBigInt64BE(BigInt(value))
      return int64
    })
    expect(bytes.includes(Buffer.concat(numbers))).toBe(true)
  })
})

describe('an encoder', () => {
  type Encoder = {
    readonly buffer: Buffer
    readonly buffers: readonly Buffer[]
    size: () => number
    writeInt32: (value: number) => Encoder
    writeBuffer: (value: Buffer) => Encoder
    writeBytes: (value: Buffer) => Encoder
    writeEncoder: (value: Encoder) => Encoder
    writeArray: (values: readonly Encoder[]) => Encoder
  }
  const Encoder = jest.requireActual<new () => Encoder>('kafkajs/src/protocol/encoder')
  const int32 = (value: number): Buffer => {
    const bytes = Buffer.alloc(4)
    bytes.writeInt32BE(value)
    return bytes
  }

  it.each([10, 16_383, 16_384, 100_000])('writes a buffer of %s bytes between others', (length) => {
    const large = Buffer.alloc(length, 'x')
    const inner = new Encoder().writeInt32(1).writeBuffer(large).writeInt32(2).writeBytes(large).writeInt32(3)
    const outer = new Encoder().writeInt32(4).writeEncoder(inner).writeArray([inner]).writeInt32(5)
    const innerBytes = Buffer.concat([int32(1), large, int32(2), int32(length), large, int32(3)])
    const expected = Buffer.concat([int32(4), innerBytes, int32(1), innerBytes, int32(5)])
    expect(outer.buffer.equals(expected)).toBe(true)
    expect(Buffer.concat(outer.buffers).equals(expected)).toBe(true)
    expect(outer.size()).toBe(expected.length)
  })

  it('keeps a large buffer as it is instead of a copy', () => {
    const large = Buffer.alloc(16_384)
    const outer = new Encoder().writeEncoder(new Encoder().writeInt32(1).writeBuffer(large)).writeInt32(2)
    expect(outer.buffers).toContain(large)
  })
})

describe('a transaction', () => {
  type EosManager = {
    initProducerId: () => Promise<void>
    beginTransaction: () => void
    sendOffsets: (offsets: object) => Promise<void>
  }
  const createEosManager = jest.requireActual<(options: object) => EosManager>('kafkajs/src/producer/eosManager')
  const offsets = { consumerGroupId: 'g', topics: [] }

  /** Sends offsets that the group's coordinator rejects once, and counts the attempts. */
  const sendRefusedOffsets = async (type: string): Promise<number> => {
    let asked = 0
    const refuseOnce = (): Promise<void> =>
      ++asked === 1 ? Promise.reject(Object.assign(new Error(type), { type })) : Promise.resolve()
    const broker = {
      initProducerId: () => Promise.resolve({ producerId: 1, producerEpoch: 0 }),
      addOffsetsToTxn: () => Promise.resolve(),
      txnOffsetCommit: refuseOnce,
    }
    const findGroupCoordinator = (): Promise<object> => Promise.resolve(broker)
    const cluster = { refreshMetadataIfNecessary: () => Promise.resolve(), findGroupCoordinator }
    const manager = createEosManager({ logger: silent, cluster, transactional: true, transactionalId: 'id' })
    await manager.initProducerId()
    manager.beginTransaction()
    await manager.sendOffsets(offsets)
    return asked
  }

  it.each(['GROUP_COORDINATOR_NOT_AVAILABLE', 'NOT_COORDINATOR_FOR_GROUP', 'GROUP_LOAD_IN_PROGRESS'])(
    'repeats its offsets after %s',
    async (type) => expect(await sendRefusedOffsets(type)).toBe(2),
  )

  it('never repeats them for a topic that is gone: a new one of that name would take them over', async () => {
    await expect(sendRefusedOffsets('UNKNOWN_TOPIC_OR_PARTITION')).rejects.toThrow('UNKNOWN_TOPIC_OR_PARTITION')
  })
})

describe('a producer', () => {
  it('asks for its coordinators by the seam, if there is one', async () => {
    const createCoordinators = jest.fn((cluster: object) => cluster)
    const createProducer =
      jest.requireActual<(options: object) => { transaction: () => Promise<unknown> }>('kafkajs/src/producer')
    const cluster = { refreshMetadataIfNecessary: () => Promise.reject(new Error('no cluster')) }
    const options = { logger: { ...silent, namespace: () => silent }, idempotent: true, transactionalId: 'id' }
    const producer = createProducer({ ...options, cluster, seams: { createCoordinators } })
    await expect(producer.transaction()).rejects.toThrow('no cluster')
    expect(createCoordinators).toHaveBeenCalledWith(cluster)
  })
})

describe('a request of our own', () => {
  type Admin = { sendRequest: (request: object) => Promise<{ readonly errorCodes: readonly number[] }> }
  const createAdmin = jest.requireActual<(options: object) => Admin>('kafkajs/src/admin')
  const request = { request: {}, response: { decode: () => ({ errorCodes: [0] }) } }

  const send = async (destination: object, metadata: object | null): Promise<number> => {
    let refreshes = 0
    type Protocol = { readonly response: { decode: () => unknown; parse: (data: unknown) => object } }
    const broker = { send: ({ response }: Protocol) => Promise.resolve(response.parse(response.decode())) }
    const cluster = {
      brokerPool: { metadata, findConnectedBroker: () => Promise.resolve(broker) },
      findBroker: () => Promise.resolve(broker),
      findGroupCoordinator: () => Promise.resolve(broker),
      refreshMetadataIfNecessary: () => Promise.resolve(refreshes++),
    }
    const admin = createAdmin({ logger: { ...silent, namespace: () => silent }, retry: {}, cluster })
    expect(await admin.sendRequest({ ...request, ...destination })).toEqual({ errorCodes: [0] })
    return refreshes
  }

  it.each([{}, { groupId: 'etl' }])('to a broker that is known asks for no metadata first: %j', async (destination) => {
    expect(await send(destination, {})).toBe(0)
    expect(await send(destination, null)).toBe(1)
  })

  it('to a certain broker asks where the brokers are now', async () => {
    expect(await send({ nodeId: 1 }, {})).toBe(1)
  })
})

describe('a consumer group', () => {
  type Group = {
    readonly memberId: string | null
    recoverFromFetch: (error: object) => Promise<void>
    fetch: (nodeId: string) => Promise<readonly unknown[]>
  }
  const ConsumerGroup = jest.requireActual<new (options: object) => Group>('kafkajs/src/consumer/consumerGroup')

  it('may be given the member to come back as', () => {
    expect(new ConsumerGroup({ logger: silent, memberId: 'etl-1-abc' }).memberId).toBe('etl-1-abc')
    expect(new ConsumerGroup({ logger: silent }).memberId).toBeNull()
  })

  const fetch = async (seams: object): Promise<readonly unknown[]> => {
    const partition = { partition: 0, highWatermark: '1', abortedTransactions: [], messages: Buffer.alloc(0) }
    const broker = { fetch: () => Promise.resolve({ responses: [{ topicName: 't', partitions: [partition] }] }) }
    const cluster = { refreshMetadataIfNecessary: () => Promise.resolve(), findBroker: () => Promise.resolve(broker) }
    const group = new ConsumerGroup({ logger: silent, cluster, seams, topics: [], topicConfigurations: {} })
    const offsets = { committedOffsets: () => ({ t: { 0: '5' } }), nextOffset: () => '5' }
    const assigned = [{ topic: 't', partitions: [0] }]
    Object.assign(group, {
      offsetManager: offsets,
      filterPartitionsByNode: () => assigned,
      seekOffsets: () => undefined,
    })
    Object.assign(group, {
      checkForStaleAssignment: () => undefined,
      getActiveTopicPartitions: () => ({ t: new Set([0]) }),
    })
    return group.fetch('0')
  }

  it('has its batches made, and its partitions put in order, by the seams', async () => {
    const orderPartitions = jest.fn((topics: object[]) => topics)
    const batches = await fetch({ createBatch: (...of: unknown[]) => of.slice(0, 2), orderPartitions })
    expect(batches).toEqual([['t', '5']])
    expect(orderPartitions).toHaveBeenCalledTimes(1)
  })

  it('reads batches itself without the seams', async () => {
    expect(await fetch({})).toMatchObject([{ topic: 't', messages: [] }])
  })

  it('ends at an offset that the log does not have, where offsets are committed elsewhere', async () => {
    const group = new ConsumerGroup({ logger: silent, autoCommit: false })
    const error = { name: 'KafkaJSOffsetOutOfRange', topic: 't', partition: 3, message: 'out of range.' }
    await expect(group.recoverFromFetch(error)).rejects.toThrow(/t partition 3 .* the topic was created anew/)
  })
})

describe('the search for a coordinator', () => {
  type Cluster = { findGroupCoordinatorMetadata: (options: object) => Promise<unknown> }
  const Cluster = jest.requireActual<{ prototype: Cluster }>('kafkajs/src/cluster')
  const { KafkaJSProtocolError } = jest.requireActual<{ KafkaJSProtocolError: new (error: object) => Error }>(
    'kafkajs/src/errors',
  )
  const search = (error: Error): Promise<unknown> => {
    const broker = { findGroupCoordinator: () => Promise.reject(error) }
    const cluster = {
      logger: silent,
      // Like the broker pool: it asks each broker and ignores errors.
      brokerPool: { withBroker: (ask: (of: object) => Promise<unknown>) => ask({ broker }).catch(() => null) },
      retrier: (ask: (bail: (cause: Error) => void) => Promise<unknown>) =>
        new Promise((resolve, reject) => void ask(reject).then(resolve, reject)),
    }
    return Cluster.prototype.findGroupCoordinatorMetadata.call(cluster, { groupId: 'etl', coordinatorType: 0 })
  }

  it('tells that the user may not, and whose coordinator it was', async () => {
    const denied = new KafkaJSProtocolError({ type: 'GROUP_AUTHORIZATION_FAILED', code: 30, message: 'denied' })
    await expect(search(denied)).rejects.toMatchObject({ type: 'GROUP_AUTHORIZATION_FAILED', groupId: 'etl' })
  })

  it('says of any other error that there is none', async () => {
    await expect(search(new Error('x'))).rejects.toMatchObject({ name: 'KafkaJSGroupCoordinatorNotFound' })
  })
})
