import { once } from 'node:events'
import { createServer, Socket, type AddressInfo } from 'node:net'
import { describe, expect, it, jest } from '@jest/globals'

/**
 * The changes of patches/kafkajs+2.2.4.patch, at the modules of KafkaJS that they change; patches/README.md says why
 * each of them is there. Without the patch this file is red.
 */

const silent = { debug: () => undefined, warn: () => undefined, namespace: () => silent }

type Bytes = { readonly buffer: Buffer }
type DecodedRecord = {
  readonly offset: string
  readonly timestamp: string
  readonly timestampMs: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Readonly<Record<string, unknown>>
  readonly buffer: Buffer
  readonly valueStart: number
  readonly valueLength: number
}

const encodeRecord = jest.requireActual<(record: Readonly<Record<string, unknown>>) => Bytes>(
  'kafkajs/src/protocol/recordBatch/record/v0',
)
const decodeRecord = jest.requireActual<(decoder: unknown, context: unknown) => DecodedRecord>(
  'kafkajs/src/protocol/recordBatch/record/v0/decoder',
)
const Decoder = jest.requireActual<new (buffer: Buffer) => unknown>('kafkajs/src/protocol/decoder')

const decode = (bytes: Buffer): DecodedRecord =>
  decodeRecord(new Decoder(bytes), { firstOffsetNumber: 100, firstTimestampMs: 1_000, maxTimestampMs: 2_000 })

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
    expect(
      decode(encodeRecord({ value: Buffer.from('v'), key: null, headers: { gone: null } }).buffer).headers,
    ).toEqual({
      gone: null,
    })
  })

  it('keeps a header called __proto__, and all values of a repeated one', () => {
    const headers = JSON.parse('{"__proto__":"x"}') as Record<string, unknown>
    headers.twice = ['1', '2']
    const decoded = decode(encodeRecord({ value: null, key: null, headers }).buffer).headers
    expect(Object.keys(decoded)).toEqual(['__proto__', 'twice'])
    expect(decoded.twice).toEqual([Buffer.from('1'), Buffer.from('2')])
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })

  it('tells where its value is, and everything else as before', () => {
    const bytes = encodeRecord({
      offsetDelta: 300,
      timestampDelta: -5,
      key: Buffer.from('k'),
      value: Buffer.from('value'),
    })
    const record = decode(bytes.buffer)
    expect([record.offset, record.timestamp, record.timestampMs]).toEqual(['400', '995', 995])
    expect([String(record.key), String(record.value)]).toEqual(['k', 'value'])
    expect(record.buffer.toString('utf8', record.valueStart, record.valueStart + record.valueLength)).toBe('value')
  })

  it('has timestamps as far from the first one as they may be', () => {
    const bytes = encodeRecord({ timestampDelta: 253_402_300_799_999, key: null, value: null })
    expect(decode(bytes.buffer).timestampMs).toBe(253_402_300_800_999)
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
    const messages = [message('1000'), message('1001')]
    const buffer = Buffer.concat(
      messages.map((one, index) => encodeRecord({ ...one, offsetDelta: index, timestampDelta: index }).buffer),
    )
    const run = { length: 2, buffer, firstTimestamp: 1_000, maxTimestamp: 1_001 }
    expect((await encode(run)).equals(await encode(messages))).toBe(true)
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

describe('a connection', () => {
  it('sends small requests at once', async () => {
    const createSocketFactory = jest.requireActual<() => (options: object) => Socket>(
      'kafkajs/src/network/socketFactory',
    )
    const setNoDelay = jest.spyOn(Socket.prototype, 'setNoDelay')
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const socket = createSocketFactory()({ host: '127.0.0.1', port, onConnect: () => undefined })
    await once(socket, 'connect')
    expect(setNoDelay).toHaveBeenCalledWith(true)
    setNoDelay.mockRestore()
    socket.destroy()
    server.close()
  })
})

describe('a transaction', () => {
  type EosManager = {
    initProducerId: () => Promise<void>
    beginTransaction: () => void
    addPartitionsToTransaction: (topics: object[]) => Promise<void>
    sendOffsets: (offsets: object) => Promise<void>
    commit: () => Promise<void>
  }
  const createEosManager = jest.requireActual<(options: object) => EosManager>('kafkajs/src/producer/eosManager')
  const protocolError = (type: string): Error => Object.assign(new Error(type), { type })
  const partitions = [{ topic: 't', partitions: [{ partition: 0 }] }]
  const offsets = { consumerGroupId: 'g', topics: [] }

  /** A manager in a transaction, and the names of the requests that it made of `broker` and of its coordinators. */
  const begin = async (answers: Readonly<Record<string, () => Promise<unknown>>>) => {
    const calls: string[] = []
    const call = (name: string) => async (): Promise<void> => {
      calls.push(name)
      await answers[name]?.()
    }
    const names = ['addPartitionsToTxn', 'addOffsetsToTxn', 'txnOffsetCommit', 'endTxn']
    const broker = {
      ...Object.fromEntries(names.map((name) => [name, call(name)])),
      isConnected: () => true,
      initProducerId: () => Promise.resolve({ producerId: 1, producerEpoch: 0 }),
    }
    const findGroupCoordinator = (): Promise<object> => call('find')().then(() => broker)
    const cluster = { refreshMetadataIfNecessary: () => Promise.resolve(), findGroupCoordinator }
    const manager = createEosManager({ logger: silent, cluster, transactional: true, transactionalId: 'id' })
    await manager.initProducerId()
    manager.beginTransaction()
    calls.length = 0
    return { manager, calls }
  }

  it('asks again while the one before is being ended, and for no coordinator', async () => {
    let refusals = 2
    const refuse = (): Promise<unknown> =>
      refusals-- > 0 ? Promise.reject(protocolError('CONCURRENT_TRANSACTIONS')) : Promise.resolve()
    const { manager, calls } = await begin({ addPartitionsToTxn: refuse })
    await manager.addPartitionsToTransaction(partitions)
    expect(calls).toEqual(['addPartitionsToTxn', 'addPartitionsToTxn', 'addPartitionsToTxn'])
  })

  it('writes no offsets while partitions are still being added', async () => {
    const { promise: added, resolve: add } = Promise.withResolvers<unknown>()
    const { manager, calls } = await begin({ addPartitionsToTxn: () => added })
    const both = Promise.all([manager.addPartitionsToTransaction(partitions), manager.sendOffsets(offsets)])
    await new Promise((resolve) => setImmediate(resolve))
    expect(calls).not.toContain('txnOffsetCommit')
    add(undefined)
    await both
    expect(calls.at(-1)).toBe('txnOffsetCommit')
  })

  it.each(['GROUP_COORDINATOR_NOT_AVAILABLE', 'NOT_COORDINATOR_FOR_GROUP', 'GROUP_LOAD_IN_PROGRESS'])(
    'repeats its offsets after %s',
    async (type) => {
      let refusals = 1
      const refuse = (): Promise<unknown> => (refusals-- > 0 ? Promise.reject(protocolError(type)) : Promise.resolve())
      const { manager, calls } = await begin({ txnOffsetCommit: refuse })
      await manager.sendOffsets(offsets)
      expect(calls.filter((name) => name === 'txnOffsetCommit')).toHaveLength(2)
    },
  )

  it('asks for its coordinator once, and again after an error', async () => {
    let asked = 0
    let isFailing = false
    const broker = {
      isConnected: () => true,
      initProducerId: () => Promise.resolve({ producerId: 1, producerEpoch: 0 }),
      addPartitionsToTxn: () => (isFailing ? Promise.reject(new Error('moved')) : Promise.resolve()),
      endTxn: () => Promise.resolve(),
    }
    const findGroupCoordinator = (): Promise<object> => Promise.resolve(broker).finally(() => asked++)
    const cluster = { refreshMetadataIfNecessary: () => Promise.resolve(), findGroupCoordinator }
    const manager = createEosManager({ logger: silent, cluster, transactional: true, transactionalId: 'id' })
    await manager.initProducerId()
    manager.beginTransaction()
    await manager.addPartitionsToTransaction(partitions)
    await manager.commit()
    expect(asked).toBe(1)
    isFailing = true
    manager.beginTransaction()
    await expect(manager.addPartitionsToTransaction(partitions)).rejects.toThrow('moved')
    isFailing = false
    await manager.addPartitionsToTransaction(partitions)
    expect(asked).toBe(2)
  })
})

describe('the partitions of a fetch', () => {
  type Topic = { readonly topic: string; readonly partitions: readonly number[] }
  const inTurns =
    jest.requireActual<(topics: readonly Topic[], turn: number) => readonly Topic[]>('kafkajs/src/consumer/inTurns')

  it('come first in their turns, each of them, and none is left out', () => {
    const topics = [
      { topic: 'a', partitions: [0, 1, 2] },
      { topic: 'b', partitions: [0, 1] },
    ]
    const first = new Set<string>()
    for (let turn = 0; turn < 6; turn++) {
      const turned = inTurns(topics, turn)
      first.add(`${turned[0]?.topic}${turned[0]?.partitions[0]}`)
      const all = turned.flatMap(({ topic, partitions }) => partitions.map((partition) => `${topic}${partition}`))
      expect(all.sort()).toEqual(['a0', 'a1', 'a2', 'b0', 'b1'])
    }
    expect([...first].sort()).toEqual(['a0', 'a1', 'a2', 'b0', 'b1'])
    expect(inTurns([], 3)).toEqual([])
  })
})

describe('a consumer group', () => {
  type Group = { readonly memberId: string | null; recoverFromFetch: (error: object) => Promise<void> }
  const ConsumerGroup = jest.requireActual<new (options: object) => Group>('kafkajs/src/consumer/consumerGroup')

  it('may be given the member to come back as', () => {
    expect(new ConsumerGroup({ logger: silent, memberId: 'etl-1-abc' }).memberId).toBe('etl-1-abc')
    expect(new ConsumerGroup({ logger: silent }).memberId).toBeNull()
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
      // As the pool of brokers does: it asks each of them, and passes over errors.
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
