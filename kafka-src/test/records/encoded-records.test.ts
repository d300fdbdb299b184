import {
  batchOverheadBytes,
  createRunBuilder,
  createRunMemory,
  type EncodableRecord,
  type EncodedRecords,
  type RunMemory,
} from '@kafka-etl/kafka'
import { describe, expect, it, jest } from '@jest/globals'
import fc from 'fast-check'
import { encodeHeaders, type Headers } from '../../../etl-src/test/encode-headers.js'

type KafkaRecord = {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Headers
  readonly timestampMs: number
}

/** KafkaJS's own record encoder, to which ours is compared. */
const encodeByKafkaJs = jest.requireActual<(record: object) => { readonly buffer: Buffer }>(
  'kafkajs/src/protocol/recordBatch/record/v0',
)

const toEncodable = ({ key, value, headers, timestampMs }: KafkaRecord): EncodableRecord => {
  const encoded = encodeHeaders(headers)
  // Key and value are ranges of a larger buffer, as in a fetch response.
  const surround = (bytes: Buffer | null): Buffer | null =>
    bytes && Buffer.concat([Buffer.from('<'), bytes, Buffer.from('>')])
  return {
    key: surround(key),
    keyStart: 1,
    keyEnd: 1 + (key?.length ?? 0),
    value: surround(value),
    valueStart: 1,
    valueEnd: 1 + (value?.length ?? 0),
    headers: encoded,
    headersEnd: encoded.length,
    timestampMs,
  }
}

const expectedBytes = (records: readonly KafkaRecord[]): Buffer =>
  Buffer.concat(
    records.map(
      ({ key, value, headers, timestampMs }, offsetDelta) =>
        encodeByKafkaJs({
          offsetDelta,
          timestampDelta: timestampMs - (records[0]?.timestampMs ?? 0),
          key,
          value,
          headers,
        }).buffer,
    ),
  )

const buffer = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes))
const headerValue = fc.option(fc.oneof(buffer, fc.string({ unit: 'binary' })), { nil: null })
const headers = fc.dictionary(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.oneof(headerValue, fc.array(headerValue, { minLength: 1, maxLength: 3 })),
  { maxKeys: 4 },
) as fc.Arbitrary<Headers>
const timestampMs = fc.oneof(fc.constant(-1), fc.nat({ max: 4_102_444_800_000 }))
const record: fc.Arbitrary<KafkaRecord> = fc.record({
  key: fc.option(buffer, { nil: null }),
  value: fc.option(buffer, { nil: null }),
  headers,
  timestampMs,
})

const build = (
  records: readonly KafkaRecord[],
  maxBatchBytes: number,
  maxRecords: number,
): readonly EncodedRecords[] => {
  const builder = createRunBuilder(maxBatchBytes, maxRecords, createUsedMemory())
  for (const one of records) builder.add(toEncodable(one))
  return builder.finish()
}

/** Returns pieces of memory with old content. */
const createUsedMemory = (): RunMemory => {
  const memory = createRunMemory()
  return { ...memory, take: (bytes) => memory.take(bytes).fill(0xa5) }
}

describe('createRunBuilder', () => {
  it("writes the very bytes that KafkaJS's own encoder writes", () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 20 }), (records) => {
        const [run] = build(records, 1_000_000, 1_000)
        expect(run?.buffer.toString('hex')).toBe(expectedBytes(records).toString('hex'))
        expect(run?.length).toBe(records.length)
        expect(run?.firstTimestamp).toBe(records[0]?.timestampMs)
        expect(run?.maxTimestamp).toBe(Math.max(...records.map((one) => one.timestampMs)))
      }),
    )
  })

  it('keeps the order, loses nothing, and makes no batch larger than it may be', () => {
    const limits = fc.record({ bytes: fc.integer({ min: 61, max: 2_000 }), count: fc.integer({ min: 1, max: 8 }) })
    fc.assert(
      fc.property(fc.array(record, { maxLength: 30 }), limits, (records, { bytes, count }) => {
        const builder = createRunBuilder(bytes, count)
        const ended: EncodedRecords[] = []
        const taken = records.filter((one, index) => {
          // Runs may be taken early or at the end.
          if (index % 3 === 2) ended.push(...builder.takeEnded())
          return builder.add(toEncodable(one))
        })
        const runs = [...ended, ...builder.finish()]
        let from = 0
        for (const run of runs) {
          expect(run.length).toBeGreaterThan(0)
          expect(run.length).toBeLessThanOrEqual(count)
          expect(run.buffer.length + batchOverheadBytes).toBeLessThanOrEqual(bytes)
          expect(run.buffer).toEqual(expectedBytes(taken.slice(from, from + run.length)))
          from += run.length
        }
        expect(from).toBe(taken.length)
        const refused = records.filter((one) => !taken.includes(one))
        for (const one of refused) expect(expectedBytes([one]).length + batchOverheadBytes).toBeGreaterThan(bytes)
      }),
    )
  })

  it('takes a record that fills the batch to the byte, and refuses one that is a byte larger', () => {
    const recordOf = (length: number): KafkaRecord => ({
      key: null,
      value: Buffer.alloc(length, 'x'),
      headers: {},
      timestampMs: 1,
    })
    const bytes = expectedBytes([recordOf(500)]).length + batchOverheadBytes
    const builder = createRunBuilder(bytes, 10)
    expect(builder.add(toEncodable(recordOf(500)))).toBe(true)
    expect(builder.add(toEncodable(recordOf(501)))).toBe(false)
    expect(builder.add(toEncodable(recordOf(500)))).toBe(true)
    expect(builder.finish().map((run) => run.buffer.length + batchOverheadBytes)).toEqual([bytes, bytes])
    expect(builder.finish()).toEqual([])
  })
})
