import { describe, expect, it } from '@jest/globals'
import { SettingsError } from '@kafka-etl/common'
import type { RecordView, RecordViews } from '@kafka-etl/kafka'
import fc from 'fast-check'
import { createUpdateHold, type UpdateHold } from '../src/update-hold.js'

const end = '*COMMIT*'

/** Records with these values, from an offset on. */
const recordsFrom = (offset: number, values: readonly string[]): RecordViews => ({
  forEach: (visit) =>
    values.forEach((text, index) => {
      const value = Buffer.from(text)
      const record: unknown = {
        offsetNumber: offset + index,
        offset: BigInt(offset + index),
        timestampMs: 0,
        buffer: value,
        value,
        ...{ keyStart: 0, keyLength: -1, missingKeyBytes: 0 },
        ...{ valueStart: 0, valueLength: value.length, missingValueBytes: 0 },
        ...{ headersStart: 0, headersEnd: 0, missingHeadersBytes: 0 },
      }
      visit(record as RecordView)
    }),
})

const open = (maxBytes = 1_000): UpdateHold =>
  createUpdateHold({ where: 't partition 3', endText: end, endsUpdate: ({ value }) => String(value) === end, maxBytes })

const take = (hold: UpdateHold) => {
  const ended = hold.ended()
  const values: string[] = []
  ended?.records.forEach(({ value, offset }) => values.push(`${offset} ${String(value)}`))
  hold.forgetEnded()
  return { values, nextOffset: ended?.nextOffset }
}

describe('createUpdateHold', () => {
  it('gives updates that have ended, over any number of chunks', () => {
    const hold = open()
    hold.add(recordsFrom(10, ['a', 'b']), 12n)
    expect([hold.ended(), hold.unfinished()]).toEqual([undefined, 2])
    hold.add(recordsFrom(12, ['c', end, 'd', end, 'e']), 18n)
    expect(take(hold)).toEqual({ values: ['10 a', '11 b', '12 c', `13 ${end}`, '14 d', `15 ${end}`], nextOffset: 16n })
    expect([hold.ended(), hold.unfinished()]).toEqual([undefined, 1])
    hold.add(recordsFrom(18, [end]), 25n)
    expect(take(hold)).toEqual({ values: ['16 e', `18 ${end}`], nextOffset: 25n })
  })

  it('takes an update of exactly the limit, and refuses a larger one, from where it begins', () => {
    const hold = open(4)
    hold.add(recordsFrom(0, ['abcd', end, 'ab', 'cd', end, 'ab']), 6n)
    const add = () => hold.add(recordsFrom(6, ['abc']), 7n)
    expect(add).toThrow(SettingsError)
    expect(() => open(4).add(recordsFrom(7, ['abc', 'de']), 9n)).toThrow(
      't partition 3: expected an update of at most 4 bytes, got a larger one from offset 7 on, and no *COMMIT* yet; raise ETL_UPDATE_MAX_BYTES',
    )
  })

  it('never ends inside an update, loses none of its records and gives none twice', () => {
    const values = fc.array(fc.constantFrom('a', 'b', end))
    fc.assert(
      fc.property(fc.array(values), (chunks) => {
        const hold = open()
        const given: string[] = []
        let offset = 0
        for (const chunk of chunks) {
          hold.add(recordsFrom(offset, chunk), BigInt(offset + chunk.length))
          offset += chunk.length
          const { values: taken, nextOffset } = take(hold)
          if (nextOffset === undefined) continue
          expect(taken.at(-1)).toMatch(end)
          given.push(...taken)
          expect(BigInt(given.length)).toBe(nextOffset)
        }
        const all = chunks.flat().map((text, index) => `${index} ${text}`)
        expect(given).toEqual(all.slice(0, chunks.flat().lastIndexOf(end) + 1))
        expect(hold.unfinished()).toBe(all.length - given.length)
      }),
    )
  })
})
