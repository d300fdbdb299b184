import { create, toBinary } from '@bufbuild/protobuf'
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { avro, jsonSchema, protobuf, Type, type Format } from '../../src/index.js'
import { createRegistryClient, createValueDecoder, RegistryUnavailable } from '../../src/registry/index.js'
import { encodeMessageIndexes } from '../../src/schemas/protobuf/message-indexes.js'
import { writeFrame } from '../../src/schemas/wire-frame.js'
import { file_sample, FirstSchema, OrderSchema } from '../schemas/sample_pb.js'
import { startFakeRegistry, type FakeRegistry } from './fake-registry.js'

let registry: FakeRegistry
beforeEach(async () => {
  registry = await startFakeRegistry()
})
afterEach(() => registry.close())

const large = 2n ** 62n + 1n

const register = async <Value>(subject: string, format: Format<Value>, value: Value): Promise<Buffer> => {
  const { registered } = format
  if (!registered) throw new Error('expected a registered format')
  const id = await createRegistryClient(registry.settings).register(subject, registered.own)
  const encoded = registered.bind({ get: () => 'missing' }, id).encode(value, { handledAtMs: 0 })
  if (!encoded.ok || !encoded.bytes) throw new Error('expected bytes')
  return encoded.bytes
}

describe('a decoder of any value', () => {
  it("reads all formats by their writers' schemas, and fetches each once", async () => {
    const schema = {
      type: 'record',
      name: 'R',
      fields: [
        { name: 'id', type: 'long' },
        { name: 'amount', type: { type: 'bytes', logicalType: 'decimal', precision: 6, scale: 2 } },
        { name: 'raw', type: 'bytes' },
      ],
    } as const
    const values = [
      await register('a-value', avro(schema), { id: large, amount: '-1.50', raw: Buffer.from([0, 255]) }),
      await register('b-value', jsonSchema(Type.Object({ a: Type.Number() })), { a: 1.5 }),
      await register(
        'c-value',
        protobuf(file_sample, OrderSchema),
        create(OrderSchema, { id: 'o1', large, address: { city: 'Paris' }, at: timestampFromMs(5_000) }),
      ),
    ]
    const decoder = createValueDecoder({ settings: registry.settings, monotonicMs: () => 0 })
    await decoder.prepare(values)
    const asked = registry.requests.length
    expect(decoder.prepare(values)).toBeUndefined()
    const decoded = values.map((value) => decoder.decode(value))
    expect(decoded.map((each) => each.ok && [each.type, JSON.parse(each.json)])).toEqual([
      ['AVRO', { id: Number(large), amount: '-1.50', raw: 'AP8=' }],
      ['JSON', { a: 1.5 }],
      ['PROTOBUF', expect.objectContaining({ id: 'o1', large: String(large), address: { city: 'Paris' } })],
    ])
    expect(decoded[0]).toMatchObject({ json: expect.stringContaining(`"id":${large}`) })
    expect(registry.requests).toHaveLength(asked)
  })

  it('reads any message of a file, and says why it cannot read another value', async () => {
    const client = createRegistryClient(registry.settings)
    const { own } = protobuf(file_sample, FirstSchema).registered ?? {}
    if (!own) throw new Error('expected a registered format')
    const id = await client.register('p-value', own)
    const textId = await client.register('t-value', { ...own, text: 'syntax = "proto3"; message A {}', references: [] })
    const first = create(FirstSchema, {})
    const place = file_sample.messages.indexOf(FirstSchema)
    const good = writeFrame(id, toBinary(FirstSchema, first), encodeMessageIndexes([place]))
    const values = [
      good,
      writeFrame(id, Buffer.from([1]), encodeMessageIndexes([99])),
      writeFrame(textId, Buffer.from([]), encodeMessageIndexes([0])),
      writeFrame(777, Buffer.from('x')),
      Buffer.from('{"no":"frame"}'),
    ]
    const decoder = createValueDecoder({ settings: registry.settings, monotonicMs: () => 0 })
    await decoder.prepare([...values, null])
    const [read, ...refused] = values.map((value) => decoder.decode(value))
    expect(read).toMatchObject({ ok: true, type: 'PROTOBUF' })
    expect(refused.map((each) => (each.ok ? 'read' : [each.reason, each.message]))).toEqual([
      ['schema_mismatch', `schema ${id}: expected a message of the file, got the place 99`],
      ['schema_mismatch', expect.stringContaining('got the text of a .proto file')],
      ['schema_unknown', 'expected a schema of the registry, got the id 777'],
      ['value_not_framed', expect.any(String)],
    ])
    registry.answerWith(503)
    await expect(decoder.prepare([writeFrame(778, Buffer.from('x'))])).rejects.toThrow(RegistryUnavailable)
  })
})
