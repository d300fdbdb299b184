import { describe, expect, it } from '@jest/globals'
import { avro, type Format } from '@kafka-etl/pipeline'
import fc from 'fast-check'
import { askJava, javaSchemaId } from '../support/registry/avro-java.js'
import { seed } from './seed.js'

const schema = {
  type: 'record',
  name: 'Reading',
  namespace: 'interop',
  fields: [
    { name: 'flag', type: 'boolean' },
    { name: 'small', type: 'int' },
    { name: 'large', type: 'long' },
    { name: 'ratio', type: 'double' },
    { name: 'text', type: 'string' },
    { name: 'raw', type: 'bytes' },
    { name: 'maybe', type: ['null', 'long'], default: null },
    { name: 'several', type: ['null', 'int', 'double', 'string'] },
    { name: 'colour', type: { type: 'enum', name: 'Colour', symbols: ['RED', 'BLUE'] } },
    { name: 'checksum', type: { type: 'fixed', name: 'Checksum', size: 4 } },
    { name: 'counts', type: { type: 'map', values: 'long' } },
    { name: 'amount', type: { type: 'bytes', logicalType: 'decimal', precision: 20, scale: 2 } },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-micros' } },
    { name: 'day', type: { type: 'int', logicalType: 'date' } },
    {
      name: 'tree',
      type: {
        type: 'record',
        name: 'Node',
        fields: [
          { name: 'id', type: 'long' },
          { name: 'children', type: { type: 'array', items: 'Node' } },
        ],
      },
    },
  ],
} as const

const format = avro(schema) as Format<unknown>
const bound = format.registered?.bind(
  { get: (id) => (id === javaSchemaId ? format.registered?.own : 'missing') },
  javaSchemaId,
)

const encode = (value: unknown): string => {
  const encoded = bound?.encode(value, { handledAtMs: 0 })
  if (!encoded?.ok || !encoded.bytes) throw new Error(`expected bytes, got ${JSON.stringify(encoded)}`)
  return encoded.bytes.toString('hex')
}

const decode = (hex: string): unknown => {
  const decoded = bound?.decode(Buffer.from(hex, 'hex'))
  return decoded?.ok ? decoded.value : decoded
}

const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
/** Trees of at most this depth. */
const treeOf = (depth: number): fc.Arbitrary<unknown> =>
  fc.record({ id: long, children: depth === 0 ? fc.constant([]) : fc.array(treeOf(depth - 1), { maxLength: 3 }) })
const values = fc.record({
  flag: fc.boolean(),
  small: fc.integer(),
  large: long,
  ratio: fc.double({ noNaN: true }),
  text: fc.string({ unit: 'grapheme' }),
  raw: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  maybe: fc.option(long),
  several: fc.oneof(
    fc.constant(null),
    fc.integer().map((int) => ({ int })),
    fc.double({ noNaN: true }).map((double) => ({ double })),
    fc.string().map((string) => ({ string })),
  ),
  colour: fc.constantFrom('RED', 'BLUE'),
  checksum: fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
  // The library's maps have no order.
  counts: fc.dictionary(fc.string(), long, { maxKeys: 1, noNullPrototype: true }),
  amount: fc
    .bigInt({ min: 1n, max: 10n ** 18n - 1n })
    .chain((unscaled) => fc.constantFrom('', '-').map((sign) => `${sign}${unscaled}.00`)),
  at: fc.bigInt({ min: -(2n ** 52n), max: 2n ** 52n }),
  day: fc.integer({ min: -700_000, max: 2_900_000 }),
  tree: treeOf(3),
})

describe("Avro's own library for Java", () => {
  it('reads what we write, writes the same bytes again, and we read its values, in blocks too', async () => {
    const given = fc.sample(values, { seed, numRuns: 500 })
    const frames = given.map(encode)
    const answers = await askJava(schema, frames)
    expect(answers.map(({ frame }) => frame)).toEqual(frames)
    expect(answers.map(({ frame }) => decode(frame))).toEqual(given)
    expect(answers.map(({ inBlocks }) => decode(inBlocks))).toEqual(given)
    expect(answers.some(({ frame, inBlocks }) => frame !== inBlocks)).toBe(true)
  }, 300_000)

  it('sees the values that we mean, and we see those that it means', async () => {
    const value = {
      flag: true,
      small: -1,
      large: 2n ** 62n + 1n,
      ratio: 0.5,
      text: 'é',
      raw: Buffer.from('00ff', 'hex'),
      maybe: null,
      several: { string: '7' },
      colour: 'BLUE',
      checksum: Buffer.from('01020304', 'hex'),
      counts: { a: 2n ** 62n + 1n },
      amount: '-12345678.90',
      at: 1_625_140_800_123_456n,
      day: 18_809,
      tree: { id: 1n, children: [{ id: 2n, children: [] }] },
    }
    const inJson =
      '{"flag":true,"small":-1,"large":4611686018427387905,"ratio":0.5,"text":"é","raw":"\\u0000\\u00ff",' +
      '"maybe":null,"several":{"string":"7"},"colour":"BLUE","checksum":"\\u0001\\u0002\\u0003\\u0004",' +
      '"counts":{"a":4611686018427387905},"amount":"\\u00b6\\u0069\\u00fd\\u002e","at":1625140800123456,"day":18809,' +
      '"tree":{"id":1,"children":[{"id":2,"children":[]}]}}'
    const [ours, theirs] = await askJava(schema, [encode(value), inJson])
    for (const part of [
      '"large": 4611686018427387905',
      '"text": "é"',
      '"several": "7"',
      '"colour": "BLUE"',
      '"amount": -12345678.90',
      '"at": "2021-07-01T12:00:00.123456Z"',
      '"day": "2021-07-01"',
      '"children": [{"id": 2, "children": []}]',
    ]) {
      expect(ours?.text).toContain(part)
    }
    expect(decode(theirs?.frame ?? '')).toEqual(value)
    expect(theirs?.frame).toBe(encode(value))
  }, 300_000)
})
