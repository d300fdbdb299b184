import { describe, expect, it } from '@jest/globals'
import { avro, jsonSchema, Type, type Format } from '../../src/index.js'

const encodeAndDecode = <Value>(format: Format<Value>, value: Value): unknown => {
  const encoded = format.encode(value, { handledAtMs: 0 })
  if (!encoded.ok) return encoded
  const decoded = format.decode(encoded.bytes)
  return decoded.ok ? decoded.value : decoded
}

const long = 2n ** 62n + 1n

describe('every kind of Avro type', () => {
  it.each([
    ['date', { type: 'int', logicalType: 'date' }, 18_809],
    ['time-millis', { type: 'int', logicalType: 'time-millis' }, 86_399_999],
    ['time-micros', { type: 'long', logicalType: 'time-micros' }, 86_399_999_999n],
    ['timestamp-millis', { type: 'long', logicalType: 'timestamp-millis' }, 1_625_140_800_123n],
    ['timestamp-micros', { type: 'long', logicalType: 'timestamp-micros' }, -1n],
    ['timestamp-nanos', { type: 'long', logicalType: 'timestamp-nanos' }, long],
    ['local-timestamp-millis', { type: 'long', logicalType: 'local-timestamp-millis' }, 1_625_140_800_123n],
    ['local-timestamp-micros', { type: 'long', logicalType: 'local-timestamp-micros' }, long],
    ['uuid', { type: 'string', logicalType: 'uuid' }, '8d4a0c46-13a4-4e4a-b1ee-5a8ce4bd0a55'],
    ['decimal of bytes', { type: 'bytes', logicalType: 'decimal', precision: 38, scale: 9 }, '-12345678901.000000001'],
    [
      'decimal of fixed',
      { type: 'fixed', name: 'D', size: 8, logicalType: 'decimal', precision: 10, scale: 2 },
      '-99999999.99',
    ],
    ['duration', { type: 'fixed', name: 'U', size: 12, logicalType: 'duration' }, Buffer.alloc(12, 7)],
    ['union', ['null', 'string', 'long'], long],
    ['union with a map', ['null', 'long', 'string', { type: 'map', values: 'long' }], { a: long }],
    ['enum', { type: 'enum', name: 'E', symbols: ['A', 'B'] }, 'B'],
    ['nested map', { type: 'map', values: { type: 'map', values: 'long' } }, { a: { b: long } }],
  ] as const)('%s', (_name, schema, value) => {
    expect(encodeAndDecode(avro(schema) as Format<unknown>, value)).toEqual(value)
  })

  it.each([
    ['a name that no schema has', { type: 'record', name: 'R', fields: [{ name: 'a', type: 'of.Another' }] }],
    ['a decimal without precision', { type: 'bytes', logicalType: 'decimal' }],
    ['a default that does not fit', { type: 'record', name: 'R', fields: [{ name: 'a', type: 'long', default: 'x' }] }],
  ] as const)('refuses %s at the start, in a sentence', (_name, schema) => {
    expect(() => avro(schema)).toThrow(/^expected an Avro schema that values can be written with, got another: .+/)
  })
})

describe('JSON Schema', () => {
  it('takes references within the schema, and recursive ones', () => {
    const node = Type.Unsafe<unknown>({
      type: 'object',
      properties: { name: { type: 'string' }, children: { type: 'array', items: { $ref: '#/definitions/node' } } },
      required: ['name'],
    })
    const tree = Type.Unsafe<unknown>({ $ref: '#/definitions/node', definitions: { node } })
    const good = { name: 'a', children: [{ name: 'b', children: [] }] }
    expect(encodeAndDecode(jsonSchema(tree), good)).toEqual(good)
    expect(encodeAndDecode(jsonSchema(tree), { name: 'a', children: [{ name: 1 }] })).toMatchObject({
      reason: 'value_not_valid',
    })
  })

  it('refuses a reference that leads nowhere at the start', () => {
    for (const $ref of ['#/definitions/none', 'other.json', 'https://example.com/other.json']) {
      const schema = Type.Unsafe<unknown>({ type: 'object', properties: { a: { $ref } } })
      expect(() => jsonSchema(schema)).toThrow(`expected a schema whose references lead to parts of it, got ${$ref}`)
    }
  })

  it('finds parts by pointers with odd characters, ids and anchors', () => {
    for (const $ref of ['#', '#/definitions/a~1b%20c', 'of-id', '#anchor']) {
      const definitions = { 'a/b c': {}, id: { $id: 'of-id' }, anchor: { $anchor: 'anchor' } }
      const schema = Type.Unsafe<unknown>({ type: 'object', properties: { a: { $ref } }, definitions })
      expect(() => jsonSchema(schema)).not.toThrow()
    }
  })

  it('refuses integers beyond 2^53', () => {
    const format = jsonSchema(Type.Object({ a: Type.Integer() }))
    const value = Buffer.from('\0\0\0\0\u0001{"a":9007199254740993}', 'latin1')
    expect(format.decode(value)).toMatchObject({ reason: 'value_not_valid' })
  })
})
