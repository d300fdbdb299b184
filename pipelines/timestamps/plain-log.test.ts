import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readPlainLog } from './plain-log.js'
import { readLog } from './read-log.js'

const texts = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.nat().map(String),
  fc.constantFrom('2024-02-05 10:01:52.884548 -0500', '', '"', '\\', '\u007f', '\n', '","message":"', '"}'),
)

const values = fc
  .tuple(texts, texts, fc.constantFrom('', ' '))
  .map(([date, message, blank]) =>
    Buffer.from(`{"date":${blank}${JSON.stringify(date)},${blank}"message":${blank}${JSON.stringify(message)}}`),
  )

/** Sets, inserts or removes a byte. */
const mutations = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 1), fc.boolean())

const mutate = (value: Buffer, [place, byte, taken, isPutIn]: readonly [number, number, number, boolean]): Buffer => {
  const at = place % (value.length + 1)
  return Buffer.concat([value.subarray(0, at), ...(isPutIn ? [Buffer.from([byte])] : []), value.subarray(at + taken)])
}

const fieldsOf = (log: ReturnType<typeof readLog>): unknown =>
  log.ok ? { date: log.date, message: log.readMessage() } : log

describe('readPlainLog', () => {
  it('reads what readLog reads, or nothing', () => {
    let taken = 0
    const same = (value: Buffer): void => {
      const log = readPlainLog(value)
      if (log === undefined) return
      taken++
      expect(fieldsOf(log)).toEqual(fieldsOf(readLog(value.toString('utf8'))))
    }
    fc.assert(fc.property(values, same), { numRuns: 5_000 })
    expect(taken).toBeGreaterThan(1_000)
    fc.assert(
      fc.property(values, mutations, (value, mutation) => same(mutate(value, mutation))),
      { numRuns: 20_000 },
    )
  })

  it.each(['', '{', '{"date":"', '{"date":"x","message":"y"', '{"date":"x","message":"y"} ', '{"date":"x"}'])(
    'leaves %j alone',
    (text) => expect(readPlainLog(Buffer.from(text))).toBeUndefined(),
  )
})
