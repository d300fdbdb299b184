import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createHeldRecords, type HeldRecords } from '../../src/records/held-records.js'
import { RecordView } from '../../src/records/record-view.js'

type Parts = {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: Uint8Array
  readonly missing: readonly [number, number, number]
  readonly offset: number
  readonly timestampMs: number
}

/** Some values are larger than one slab of memory. */
const large = fc.constantFrom(10_000, 20_000, 1_100_000).map((length) => new Uint8Array(length).fill(7))
const parts: fc.Arbitrary<Parts> = fc.record({
  key: fc.option(fc.uint8Array()),
  value: fc.option(fc.oneof({ weight: 20, arbitrary: fc.uint8Array() }, { weight: 1, arbitrary: large })),
  headers: fc.uint8Array({ minLength: 1 }),
  missing: fc.tuple(fc.nat(), fc.nat(), fc.nat()),
  offset: fc.maxSafeInteger(),
  timestampMs: fc.maxSafeInteger(),
})

const viewOf = ({ key, value, headers, missing, offset, timestampMs }: Parts): RecordView =>
  Object.assign(new RecordView(), {
    buffer: Buffer.concat([key ?? [], value ?? [], headers].map((part) => Buffer.from(part))),
    keyLength: key?.length ?? -1,
    valueStart: key?.length ?? 0,
    valueLength: value?.length ?? -1,
    headersStart: (key?.length ?? 0) + (value?.length ?? 0),
    headersEnd: (key?.length ?? 0) + (value?.length ?? 0) + headers.length,
    missingKeyBytes: missing[0],
    missingValueBytes: missing[1],
    missingHeadersBytes: missing[2],
    offsetNumber: offset,
    timestampMs,
  })

const digestOf = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('hex')

const partsOf = (view: RecordView): object => ({
  key: view.key && digestOf(view.key),
  value: view.value && digestOf(view.value),
  headers: digestOf(view.buffer.subarray(view.headersStart, view.headersEnd)),
  missing: [view.missingKeyBytes, view.missingValueBytes, view.missingHeadersBytes],
  offset: view.offsetNumber,
  timestampMs: view.timestampMs,
})

const listOf = (held: HeldRecords, count: number): readonly object[] => {
  const listed: object[] = []
  held.first(count).forEach((view) => listed.push(partsOf(view)))
  return listed
}

const listInParts = (held: HeldRecords, count: number): readonly object[] => {
  const listed: object[] = []
  for (const part of held.first(count).parts ?? []) part.forEach((view) => listed.push(partsOf(view)))
  return listed
}

describe('createHeldRecords', () => {
  it('keeps records as they are, in their order, and forgets the first ones', () => {
    fc.assert(
      fc.property(fc.array(parts), fc.nat(), (records, some) => {
        const held = createHeldRecords()
        for (const record of records) held.add(viewOf(record))
        const expected = records.map((record) => partsOf(viewOf(record)))
        const count = records.length === 0 ? 0 : some % (records.length + 1)
        expect(listOf(held, count)).toEqual(expected.slice(0, count))
        expect(listInParts(held, count)).toEqual(expected.slice(0, count))
        const rest = held.without(count)
        expect(rest.length()).toBe(records.length - count)
        expect(listOf(rest, rest.length())).toEqual(expected.slice(count))
      }),
      { numRuns: 50 },
    )
  })
})
