import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { avro } from '../../src/schemas/avro/avro.js'
import type { RegisteredSchema } from '../../src/schemas/registered-schema.js'
import { writeFrame } from '../../src/schemas/wire-frame.js'
import type { Format } from '../../src/formats/format.js'

const context = { handledAtMs: 0 }

const roundTrip = (format: Format<unknown>, value: unknown): unknown => {
  const encoded = format.encode(value, context)
  if (!encoded.ok) return encoded.message
  const decoded = format.decode(encoded.bytes)
  return decoded.ok ? decoded.value : decoded.message
}

const schemaOf = (schema: unknown, references: RegisteredSchema['references'] = []): RegisteredSchema => ({
  type: 'AVRO',
  text: JSON.stringify(schema),
  references,
})

/** What `reader` reads from a value that was written with another schema. */
const resolve = (writer: Format<unknown>, value: unknown, reader: Format<unknown>): unknown => {
  const encoded = writer.encode(value, context)
  if (!encoded.ok) return encoded.message
  const own = writer.registered?.own
  const bound = reader.registered?.bind({ get: () => own }, 1)
  const decoded = bound?.decode(encoded.bytes)
  return decoded?.ok ? decoded.value : `${decoded?.reason ?? ''}: ${decoded?.message ?? ''}`
}

const node = {
  type: 'record',
  name: 'Node',
  namespace: 'a.b',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'next', type: ['null', 'Node'], default: null },
    { name: 'children', type: { type: 'array', items: 'Node' } },
  ],
} as const

describe('avro', () => {
  const everything = avro({
    type: 'record',
    name: 'Everything',
    fields: [
      { name: 'flag', type: 'boolean' },
      { name: 'small', type: 'int' },
      { name: 'large', type: 'long' },
      { name: 'ratio', type: 'double' },
      { name: 'text', type: 'string' },
      { name: 'bytes', type: 'bytes' },
      { name: 'maybe', type: ['null', 'long'], default: null },
      { name: 'several', type: ['null', 'int', 'double', 'string'] },
      { name: 'colour', type: { type: 'enum', name: 'Colour', symbols: ['RED', 'BLUE'] } },
      { name: 'checksum', type: { type: 'fixed', name: 'Checksum', size: 4 } },
      { name: 'counts', type: { type: 'map', values: 'long' } },
      { name: 'list', type: { type: 'array', items: 'string' } },
      { name: 'amount', type: { type: 'bytes', logicalType: 'decimal', precision: 20, scale: 2 } },
      {
        name: 'price',
        type: { type: 'fixed', name: 'Price', size: 12, logicalType: 'decimal', precision: 20, scale: 4 },
      },
      { name: 'at', type: { type: 'long', logicalType: 'timestamp-micros' } },
      { name: 'day', type: { type: 'int', logicalType: 'date' } },
      { name: 'local', type: { type: 'long', logicalType: 'local-timestamp-micros' } },
      { name: 'uuid', type: { type: 'string', logicalType: 'uuid' } },
    ],
  })

  it('gives back every value of every type', () => {
    const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    const decimalOf = (scale: number) =>
      fc.bigInt({ min: -(10n ** 20n) + 1n, max: 10n ** 20n - 1n }).map((unscaled) => {
        const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0')
        return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
      })
    const value = fc.record({
      flag: fc.boolean(),
      small: fc.integer(),
      large: long,
      ratio: fc.double({ noNaN: true }),
      text: fc.string({ unit: 'grapheme' }),
      bytes: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      maybe: fc.option(long),
      several: fc.oneof(
        fc.constant(null),
        fc.integer().map((int) => ({ int })),
        fc.double({ noNaN: true }).map((double) => ({ double })),
        fc.string().map((string) => ({ string })),
      ),
      colour: fc.constantFrom('RED' as const, 'BLUE' as const),
      checksum: fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
      counts: fc.dictionary(fc.string(), long, { noNullPrototype: true }),
      list: fc.array(fc.string()),
      amount: decimalOf(2),
      price: decimalOf(4),
      at: long,
      day: fc.integer(),
      local: long,
      uuid: fc.uuid(),
    })
    fc.assert(fc.property(value, (given) => expect(roundTrip(everything, given)).toEqual(given)))
  })

  it('takes its own text back, digits beyond 2^53 included', () => {
    const text =
      '{"flag":true,"small":1,"large":9223372036854775807,"ratio":0.5,"text":"é","bytes":"AAE=","maybe":null,' +
      '"several":{"int":3},"colour":"BLUE","checksum":"AAECAw==","counts":{"a":9007199254740993},"list":["x"],' +
      '"amount":"12.35","price":"-0.0001","at":1,"day":2,"local":3,"uuid":"u"}'
    const value = everything.fromText?.(text)
    if (!value?.ok) throw new Error(value?.message)
    expect(value.value.large).toBe(2n ** 63n - 1n)
    expect(everything.toText?.(value.value)).toBe(text)
    const read = everything.decode((everything.encode(value.value, context) as { bytes: Buffer }).bytes)
    expect(read.ok && everything.toText?.(read.value)).toBe(text)
  })

  it('reads recursive records', () => {
    const value = {
      id: 1n,
      next: { id: 2n, next: null, children: [] },
      children: [{ id: 3n, next: null, children: [] }],
    }
    expect(roundTrip(avro(node), value)).toEqual(value)
  })

  it.each([
    ['a long that is no bigint', { large: 5 }, /expected large to be long, got 5/],
    ['a long beyond 64 bits', { large: 2n ** 63n }, /large/],
    ['another symbol', { colour: 'GREEN' }, /expected colour to be Colour, got "GREEN"/],
    ['too many digits behind the point', { amount: '1.005' }, /amount/],
    ['a decimal that is too large', { amount: '1234567890123456789.00' }, /amount/],
  ])('refuses %s', (_what, wrong, message) => {
    const value = {
      flag: true,
      small: 1,
      large: 1n,
      ratio: 1,
      text: '',
      bytes: Buffer.alloc(0),
      maybe: null,
      several: null,
      colour: 'RED',
      checksum: Buffer.alloc(4),
      counts: {},
      list: [],
      amount: '1.00',
      price: '1.0000',
      at: 1n,
      day: 1,
      local: 1n,
      uuid: '',
    }
    expect(roundTrip(everything, { ...value, ...wrong })).toMatch(message)
  })

  it('says at once that a schema names a type that stands in another', () => {
    expect(() => avro({ type: 'record', name: 'X', fields: [{ name: 'a', type: 'example.Address' }] })).toThrow(
      'expected an Avro schema that values can be written with, got another: undefined type name: example.Address',
    )
  })

  it('says at once that a schema is none', () => {
    expect(() => avro({ type: 'record', name: 'X', fields: [{ name: 'a', type: 'unknown' }] })).toThrow(
      /undefined type name: unknown/,
    )
    expect(() => avro({ type: 'bytes', logicalType: 'decimal', precision: 0 })).toThrow(/precision from 1/)
  })
})

describe('schema resolution', () => {
  const record = (fields: readonly unknown[]) => avro({ type: 'record', name: 'R', fields })

  it.each([
    [
      'fields by name, and defaults',
      [
        { name: 'b', type: 'int' },
        { name: 'a', type: 'int' },
      ],
      { a: 1, b: 2 },
      [
        { name: 'a', type: 'long' },
        { name: 'c', type: 'long', default: 7 },
      ],
      { a: 1n, c: 7n },
    ],
    [
      'aliases',
      [{ name: 'old', type: 'string' }],
      { old: 'x' },
      [{ name: 'new', aliases: ['old'], type: 'string' }],
      { new: 'x' },
    ],
    [
      'an enum whose symbol is gone',
      [{ name: 'e', type: { type: 'enum', name: 'E', symbols: ['A', 'B'] } }],
      { e: 'B' },
      [{ name: 'e', type: { type: 'enum', name: 'E', symbols: ['A'], default: 'A' } }],
      { e: 'A' },
    ],
    [
      'a value into a union, by the exact branch',
      [{ name: 'u', type: 'long' }],
      { u: 2n ** 62n + 1n },
      [{ name: 'u', type: ['double', 'long'] }],
      { u: 2n ** 62n + 1n },
    ],
    [
      'a union into one more, by the exact branch',
      [{ name: 'u', type: ['null', 'double', 'long'] }],
      { u: 2n ** 62n + 1n },
      [{ name: 'u', type: ['null', 'double', 'long', 'string'] }],
      { u: 2n ** 62n + 1n },
    ],
    [
      'the same decimal',
      [{ name: 'd', type: { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 } }],
      { d: '-1.25' },
      [
        { name: 'd', type: { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 } },
        { name: 'x', type: 'int', default: 0 },
      ],
      { d: '-1.25', x: 0 },
    ],
    [
      'default decimals',
      [],
      {},
      [{ name: 'd', type: { type: 'bytes', logicalType: 'decimal', precision: 4, scale: 2 }, default: '\u007b' }],
      { d: '1.23' },
    ],
    [
      'a decimal of another scale',
      [{ name: 'd', type: { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 3 } }],
      { d: '1.250' },
      [{ name: 'd', type: { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 } }],
      expect.stringMatching(/^schema_mismatch: schema 1: /),
    ],
    [
      'a missing field without default',
      [],
      {},
      [{ name: 'a', type: 'int' }],
      expect.stringMatching(/^schema_mismatch: .*no matching field/),
    ],
  ])('resolves %s', (_what, writerFields, value, readerFields, expected) => {
    expect(resolve(record(writerFields), value, record(readerFields))).toEqual(expected)
  })

  it('reads a schema that names others', () => {
    const inner = { type: 'record', name: 'Inner', namespace: 'x', fields: [{ name: 'n', type: 'int' }] }
    const writer = schemaOf({ type: 'record', name: 'R', fields: [{ name: 'i', type: 'x.Inner' }] }, [
      { name: 'x.Inner', text: JSON.stringify(inner) },
    ])
    const reader = record([{ name: 'i', type: inner }])
    const bound = reader.registered?.bind({ get: () => writer }, 1)
    expect(bound?.decode(writeFrame(9, Buffer.from([4])))).toEqual({ ok: true, value: { i: { n: 2 } } })
  })
})

describe('bytes that no writer of the schema made', () => {
  const format = avro({
    type: 'record',
    name: 'R',
    fields: [
      { name: 'l', type: { type: 'array', items: 'long' } },
      { name: 'm', type: { type: 'map', values: 'null' } },
    ],
  })
  const decode = (payload: readonly number[]) => format.decode(writeFrame(1, Buffer.from(payload)))

  it.each([
    ['an endless list', [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]],
    ['a list that ends too early', [4, 2]],
    ['more bytes', [0, 0, 0]],
    ['a map of nulls without end', [0, 0xfe, 0xff, 0xff, 0xff, 0xff, 0x7f]],
  ])('refuses %s', (_what, payload) => {
    expect(decode(payload)).toMatchObject({ ok: false, reason: 'schema_mismatch' })
  })

  it('never throws, and never takes long', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const decoded = format.decode(Buffer.from(bytes))
        expect(decoded.ok || ['value_not_framed', 'schema_unknown', 'schema_mismatch'].includes(decoded.reason)).toBe(
          true,
        )
        expect(decode([...bytes])).toHaveProperty('ok')
      }),
    )
  })

  it('refuses text that is not UTF-8', () => {
    const text = avro('string')
    expect(text.decode(writeFrame(1, Buffer.from([2, 0xff])))).toMatchObject({ reason: 'schema_mismatch' })
    expect(roundTrip(text, '\ufffd')).toBe('\ufffd')
  })
})
