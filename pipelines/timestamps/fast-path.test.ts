import { createZoneOffset } from '@kafka-etl/common'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { outputRoomBytes } from '@kafka-etl/pipeline'
import { createWriteNormalized } from './fast-path.js'
import { normalize, type ZoneCheck } from './normalize.js'
import type { Outcome } from './outcome.js'

const zone = 'America/New_York'
const offsetAt = createZoneOffset(zone)

/** Runs the fast path on a value inside a larger buffer; undefined if it leaves the value alone. */
const runFast = (value: Buffer, handledAtMs: number, zoneCheck: ZoneCheck): Outcome | undefined => {
  const around = Buffer.concat([Buffer.from('{"da'), value, Buffer.from('"}00')])
  const room = { bytes: Buffer.alloc(value.length + outputRoomBytes), eventTimeMs: Number.NaN }
  const length = createWriteNormalized({ offsetAt, zoneCheck })(around, 4, 4 + value.length, room, handledAtMs)
  if (length < 0) return undefined
  return { ok: true, value: room.bytes.toString('utf8', 0, length), eventTimeMs: room.eventTimeMs }
}

const runFull = (value: Buffer, handledAtMs: number, zoneCheck: ZoneCheck) =>
  normalize(value, handledAtMs, { zone, offsetAt, localTime: 'reject', zoneCheck })

const two = (max: number): fc.Arbitrary<string> => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'))

const dates = fc
  .tuple(
    fc.oneof(fc.integer({ min: 1960, max: 2040 }), fc.integer({ min: 0, max: 9999 })),
    fc.tuple(two(13), two(32), two(24), two(60), two(60)),
    fc.oneof(
      fc.integer({ min: 0, max: 999_999 }),
      fc.integer({ min: 0, max: 999 }).map((ms) => ms * 1000),
    ),
    fc.oneof(
      fc.constantFrom(' -0500', ' -0400', ' +0000', '', ' -045602'),
      fc.tuple(fc.constantFrom(' -', ' +'), two(24), two(60)).map((parts) => parts.join('')),
    ),
  )
  .map(([year, [month, day, hour, minute, second], micros, offset]) => {
    return `${String(year).padStart(4, '0')}-${month}-${day} ${hour}:${minute}:${second}.${String(micros).padStart(6, '0')}${offset}`
  })

const messages = fc.oneof(
  fc.nat().map(String),
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('"', '\\', '\u007f', ''),
)

const records = fc
  .tuple(dates, messages, fc.constantFrom('', ' '))
  .map(([date, message, blank]) =>
    Buffer.from(`{"date":${blank}${JSON.stringify(date)},${blank}"message":${blank}${JSON.stringify(message)}}`),
  )

/** Sets, inserts or removes a byte. */
const mutations = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }), fc.constantFrom('set', 'insert', 'remove'))

const mutate = (value: Buffer, [place, byte, kind]: [number, number, string]): Buffer => {
  const at = place % value.length
  const [before, after] = [value.subarray(0, at), value.subarray(kind === 'insert' ? at : at + 1)]
  return Buffer.concat(kind === 'remove' ? [before, after] : [before, Buffer.from([byte]), after])
}

const zoneChecks = fc.constantFrom<ZoneCheck>('off', 'warn', 'reject')
const times = fc.oneof(fc.constant(1_707_217_879_944), fc.maxSafeNat())

/** Whether the fast path handled the value; if it did, its result must equal that of the full path. */
const expectSame = (value: Buffer, handledAtMs: number, zoneCheck: ZoneCheck): boolean => {
  const fast = runFast(value, handledAtMs, zoneCheck)
  if (fast === undefined) return false
  expect(fast).toEqual(runFull(value, handledAtMs, zoneCheck))
  return true
}

describe('the fast path', () => {
  it('gives what the full path gives, or nothing', () => {
    let taken = 0
    const property = fc.property(records, times, zoneChecks, (value, handledAtMs, zoneCheck) => {
      if (expectSame(value, handledAtMs, zoneCheck)) taken++
    })
    fc.assert(property, { numRuns: 20_000 })
    expect(taken).toBeGreaterThan(500)
  })

  it('gives what the full path gives, or nothing, for values that were damaged', () => {
    const damaged = fc
      .tuple(records, fc.array(mutations, { minLength: 1, maxLength: 3 }))
      .map(([value, changes]) => changes.reduce(mutate, value))
    fc.assert(
      fc.property(damaged, times, zoneChecks, (...record) => void expectSame(...record)),
      { numRuns: 20_000 },
    )
  })

  it.each([
    '{"date":"2024-02-05 10:01:52.884548 -0500","message":"11"}',
    '{"date": "2024-02-05 10:01:52.884548 -0500", "message": "11"}',
  ])('takes %s', (value) => {
    expect(runFast(Buffer.from(value), 1_707_217_879_944, 'reject')).toEqual({
      ok: true,
      value: '{"timestamp":1707145312884.548,"message":"11","time":1707217879944,"diff":1}',
      eventTimeMs: 1_707_145_312_884.548,
    })
  })

  it.each([
    ['an offset that the zone did not have', '{"date":"2024-02-05 10:01:52.884548 +0100","message":"11"}'],
    ['a date that does not exist', '{"date":"2024-02-30 10:01:52.884548 -0500","message":"11"}'],
    ['a date before 1970', '{"date":"1969-02-05 10:01:52.884548 -0500","message":"11"}'],
    ['an escape', '{"date":"2024-02-05 10:01:52.884548 -0500","message":"\\n"}'],
    ['another field', '{"date":"2024-02-05 10:01:52.884548 -0500","message":"11","x":"1"}'],
    ['nothing', ''],
    ['a value that is cut', '{"date":"2024-02-05 10:01:52.884548 -0500","message":"'],
  ])('leaves %s to the full path', (_, value) => expect(runFast(Buffer.from(value), 0, 'warn')).toBeUndefined())

  it('leaves a value to the full path that its target has no room for', () => {
    const value = Buffer.from('{"date":"2024-02-05 10:01:52.884548 -0500","message":"11"}')
    const write = createWriteNormalized({ offsetAt, zoneCheck: 'warn' })
    const room = { bytes: Buffer.alloc(value.length + outputRoomBytes - 1), eventTimeMs: 0 }
    expect(write(value, 0, value.length, room, 0)).toBe(-1)
  })
})
