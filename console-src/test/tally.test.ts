import { describe, expect, it } from '@jest/globals'
import { addPage, countFrom, countRecords, keepTally, openTally } from '../src/sampling/tally.js'

const logTo = (stableEnd: bigint, start = 0n) => ({ topic: 't', partition: 0, start, end: stableEnd, stableEnd })

/** A transaction of `records` records and its marker. */
const transaction = (first: number, records: number, timestampMs = 0) => [
  { firstOffset: first, lastOffset: first + records - 1, records, timestampMs },
  { firstOffset: first + records, lastOffset: first + records, records: 0, timestampMs },
]

describe('a tally', () => {
  it('counts records, not the marks of transactions', () => {
    const log = logTo(22n)
    const tally = addPage(openTally(log), { spans: [...transaction(0, 10), ...transaction(11, 10)], nextOffset: 22n })
    expect(countRecords(tally, log)).toEqual({ records: 20, isExact: true })
    expect(countFrom(tally, log, 22n)).toBe(0)
    // After the last record, before the marker: everything is handled.
    expect(countFrom(tally, log, 21n)).toBe(0)
    expect(countFrom(tally, log, 11n)).toBe(10)
    expect(countFrom(tally, log, 5n)).toBe(15)
    expect(countFrom(tally, log, 0n)).toBe(20)
  })

  it('estimates what it has not read yet, and says so', () => {
    const log = logTo(40n)
    const tally = addPage(openTally(log), { spans: transaction(0, 9), nextOffset: 10n })
    expect(countRecords(tally, log)).toEqual({ records: 36, isExact: false })
  })

  it('begins late in a log that is too long to be counted', () => {
    const log = logTo(3_000_000n)
    const tally = openTally(log)
    expect(tally.next).toBe(2_000_000n)
    expect(countRecords(tally, log).isExact).toBe(false)
    expect(countFrom(tally, log, 0n)).toBe(3_000_000)
  })

  it('counts a batch in which it begins from there on alone', () => {
    const log = logTo(10n, 4n)
    const spans = [{ firstOffset: 0, lastOffset: 9, records: 10, timestampMs: 0 }]
    expect(countRecords(addPage(openTally(log), { spans, nextOffset: 10n }), log).records).toBe(6)
  })

  it('begins anew when the topic was made again, and goes on behind what retention took', () => {
    const tally = addPage(openTally(logTo(11n)), { spans: transaction(0, 10), nextOffset: 11n })
    expect(keepTally(tally, logTo(11n))).toBe(tally)
    expect(keepTally(tally, logTo(3n)).next).toBe(0n)
    expect(keepTally(tally, logTo(60n, 50n))).toMatchObject({ next: 50n, counter: tally.counter })
  })

  it('knows when the first record behind an offset was written, but not that of a mark', () => {
    const { counter } = addPage(openTally(logTo(22n)), {
      spans: [...transaction(0, 10, 1_000), ...transaction(11, 10, 2_000)],
      nextOffset: 22n,
    })
    expect(counter.timestampAt(3)).toBe(1_000)
    expect(counter.timestampAt(10)).toBe(2_000)
    expect(counter.timestampAt(21)).toBeUndefined()
  })

  it('stays small, whatever the log holds', () => {
    const log = logTo(200_000n)
    let tally = openTally(log)
    for (let first = 0; first < 200_000; first += 2) {
      tally = addPage(tally, { spans: transaction(first, 1), nextOffset: BigInt(first + 2) })
    }
    expect(countRecords(tally, log)).toEqual({ records: 100_000, isExact: true })
    // Too far back to be known exactly, but still close.
    expect(Math.abs(countFrom(tally, log, 100_000n) - 50_000)).toBeLessThan(10)
  })
})
