import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { RegisteredSchema } from '../../src/schemas/registered-schema.js'
import { decodeMessageIndexes, encodeMessageIndexes } from '../../src/schemas/protobuf/message-indexes.js'
import { createNameMessage } from '../../src/schemas/protobuf/message-names.js'
import { protobuf } from '../../src/schemas/protobuf/protobuf.js'
import { writeFrame } from '../../src/schemas/wire-frame.js'
import { Colour, file_sample, FirstSchema, Order_LineSchema, OrderSchema } from './sample_pb.js'

const context = { handledAtMs: 0 }
const order = protobuf(file_sample, OrderSchema)
const text = readFileSync(join(import.meta.dirname, 'sample.proto'), 'utf8')

describe('message indexes', () => {
  it.each([
    [[0], [0]],
    [[1], [2, 2]],
    [
      [1, 0],
      [4, 2, 0],
    ],
    [[300], [2, 0xd8, 0x04]],
  ])('writes %j as Confluent does', (indexes, bytes) => {
    expect([...encodeMessageIndexes(indexes)]).toEqual(bytes)
    expect(decodeMessageIndexes(Uint8Array.from([...bytes, 9]))).toEqual({ indexes, length: bytes.length })
  })

  it('gives back any', () => {
    const indexes = fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 64 })
    fc.assert(
      fc.property(indexes, (given) =>
        expect(decodeMessageIndexes(encodeMessageIndexes(given))?.indexes).toEqual(given),
      ),
    )
  })

  it.each([[[]], [[1]], [[0x80]], [[4, 2]], [[2, 0xff, 0xff, 0xff, 0xff, 0xff, 1]], [[0xfe, 0xff, 0x7f]]])(
    'refuses %j',
    (bytes) => {
      expect(decodeMessageIndexes(Uint8Array.from(bytes))).toBeUndefined()
    },
  )
})

describe('the names of messages', () => {
  it.each([
    ['a .proto file', text],
    ['a descriptor', order.registered?.own.text ?? ''],
  ])('counts the messages of %s alike, maps left out', (_what, schema) => {
    const name = createNameMessage(schema)
    expect([[0], [1], [1, 0], [1, 1], [2], [1, 2]].map(name)).toEqual([
      'First',
      'Order',
      'Order.Line',
      'Order.Unused',
      undefined,
      undefined,
    ])
  })

  it('is not led astray by comments, texts and other blocks', () => {
    const name = createNameMessage(
      'syntax = "proto2"; // message No {\n/* message No { */ option x = "message No {"; enum E { A = 0; } service S { rpc M (A) returns (B) { option y = { z: 1 }; } }\n' +
        'message A { oneof o { string s = 1; } extensions 4 to 5; optional group G = 2 { message Deep {} } message B {} } extend A { optional int32 q = 4; } message C {}',
    )
    expect([[0], [0, 0], [0, 0, 0], [0, 1], [1]].map(name)).toEqual(['A', 'A.G', 'A.G.Deep', 'A.B', 'C'])
  })

  it.each(['', 'not a schema!', 'message A {', '{}', 'AAAA'])('throws for %j', (schema) => {
    expect(() => createNameMessage(schema)).toThrow()
  })
})

describe('protobuf', () => {
  const full: MessageInitShape<typeof OrderSchema> = {
    counts: { a: 2n ** 62n },
    id: 'o1',
    lines: [{ sku: 'x', pieces: -3 }],
    paid: { case: 'cents', value: -(2n ** 63n) },
    colour: Colour.RED,
    marks: [1n, 2n ** 64n - 1n],
    parent: { id: 'o0', parent: { id: 'o-1' } },
    address: { city: 'Paris' },
    at: { seconds: 5n, nanos: 1 },
    raw: Uint8Array.from([0, 255]),
    ratio: 0.1,
    large: 2n ** 64n - 1n,
    flag: false,
  }

  it('gives back nested and recursive messages, maps, enums, oneof and 64 bits', () => {
    const value = create(OrderSchema, full)
    const encoded = order.encode(value, context)
    if (!encoded.ok) throw new Error(encoded.message)
    expect(encoded.bytes?.subarray(0, 7).toString('hex')).toBe('00000000010202')
    expect(order.decode(encoded.bytes)).toEqual({ ok: true, value })
  })

  it('gives back any', () => {
    const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    const lines = fc.array(fc.record({ sku: fc.string(), pieces: fc.integer() }))
    const paid = fc.oneof(
      fc.constant({ case: undefined }),
      long.map((value) => ({ case: 'cents' as const, value })),
      fc.string().map((value) => ({ case: 'voucher' as const, value })),
    )
    const init = fc.record({
      id: fc.string(),
      lines,
      paid,
      counts: fc.dictionary(fc.string(), long, { noNullPrototype: true }),
      ratio: fc.double(),
    })
    fc.assert(
      fc.property(init, (given) => {
        const value = create(OrderSchema, given)
        const encoded = order.encode(value, context)
        expect(encoded.ok && order.decode(encoded.bytes)).toEqual({ ok: true, value })
      }),
    )
  })

  it('takes its own JSON back', () => {
    const json =
      '{"counts":{"a":"4611686018427387904"},"id":"o1","lines":[{"sku":"x","pieces":-3}],"voucher":"v","colour":"COLOUR_RED"}'
    const value = order.fromText?.(json)
    if (!value?.ok) throw new Error(value?.message)
    expect(value.value.counts).toEqual({ a: 2n ** 62n })
    expect(JSON.parse(order.toText?.(value.value) ?? '')).toMatchObject(JSON.parse(json) as object)
    expect(order.fromText?.('{"id":5}')).toMatchObject({ ok: false, reason: 'value_not_valid' })
  })

  it('reads nested messages by their place, and refuses those of others', () => {
    const line = protobuf(file_sample, Order_LineSchema)
    const value = create(Order_LineSchema, { sku: 'x', pieces: 3 })
    const encoded = line.encode(value, context)
    if (!encoded.ok || !encoded.bytes) throw new Error('expected bytes')
    expect(encoded.bytes.subarray(5, 8)).toEqual(Buffer.from([4, 2, 0]))
    expect(line.decode(encoded.bytes)).toEqual({ ok: true, value })
    expect(order.decode(encoded.bytes)).toEqual({
      ok: false,
      reason: 'schema_mismatch',
      message: 'schema 1: expected the message Order, got Order.Line',
    })
  })

  const readAs = (writer: RegisteredSchema, payload: readonly number[]) =>
    order.registered?.bind({ get: () => writer }, 1).decode(writeFrame(7, Buffer.from(payload)))

  it('reads by the text of a .proto file', () => {
    const first = toBinary(FirstSchema, create(FirstSchema, { text: 'a' }))
    const writer: RegisteredSchema = { type: 'PROTOBUF', text, references: [] }
    expect(readAs(writer, [2, 2, 0x12, 1, 0x61])).toMatchObject({ ok: true, value: { id: 'a' } })
    expect(readAs(writer, [0, ...first])).toMatchObject({ reason: 'schema_mismatch' })
  })

  it.each([
    ['a number in place of a text', [2, 2, 0x10, 1], 'schema_mismatch'],
    ['a text in place of a number', [2, 2, 0x22, 1, 0x61], 'schema_mismatch'],
    ['a nested message that goes beyond', [2, 2, 0x1a, 9, 0x0a], 'schema_mismatch'],
    ['text that is not UTF-8', [2, 2, 0x12, 1, 0xff], 'schema_mismatch'],
    ['a place that the schema does not have', [2, 8], 'schema_mismatch'],
    ['no place', [], 'value_not_framed'],
  ])('refuses %s', (_what, payload, reason) => {
    expect(order.decode(writeFrame(1, Buffer.from(payload)))).toMatchObject({ ok: false, reason })
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) =>
        expect(order.decode(writeFrame(1, Buffer.from([2, 2, ...bytes])))).toHaveProperty('ok'),
      ),
    )
  })

  it("names the files that its own imports, Google's left out", () => {
    expect(order.registered?.own.references.map(({ name }) => name)).toEqual(['sample_common.proto'])
  })
})
