import { describe, expect, it } from '@jest/globals'
import { createFormatRow } from '@kafka-etl/pipeline'
import fc from 'fast-check'
import { formatTimestampsRow, timestampsColumns } from '../../src/rows/timestamps-row.js'
import { appendFastRow } from '../../src/rows/fast-row.js'
import { createRowBuffer, writtenRows } from '../../src/rows/row-buffer.js'

/** The value within bytes that would continue it plausibly. */
const within = (value: Buffer) => ({
  buffer: Buffer.concat([Buffer.from('1,"'), value, Buffer.from('}"0')]),
  valueStart: 3,
  valueLength: value.length,
})

const fastRow = (value: Buffer, spreadsheetSafe = false): string | undefined => {
  const rows = createRowBuffer(1)
  return appendFastRow(rows, within(value), { spreadsheetSafe }) ? writtenRows(rows).toString('utf8') : undefined
}

const numberTexts = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map(String),
  fc.stringMatching(/^-?[0-9]{0,3}\.?[0-9]{0,3}$/),
  fc.constantFrom('1707217879632.242', '-0', '00', '01', '-', '1.', '.5', '1e5', '"1"', 'null', 'NaN'),
)
const messages = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string().map((text) => `=${text}`),
  fc.constantFrom('', '11', '\ud800', '"', '\\', '\u007f', 'é'),
)
const values = fc.oneof(
  fc
    .tuple(numberTexts, messages, numberTexts, numberTexts)
    .map(
      ([timestamp, message, time, diff]) =>
        `{"timestamp":${timestamp},"message":${JSON.stringify(message)},"time":${time},"diff":${diff}}`,
    ),
  fc.json(),
)

describe('appendFastRow', () => {
  it('reads what the ETL writes', () => {
    const value = Buffer.from('{"timestamp":1707217879632.242,"message":"11","time":1707217879944,"diff":1}')
    expect(fastRow(value)).toBe('1707217879632.242,"11",1707217879944,1\n')
  })

  it('says the same as the full parser, if it says anything', () => {
    fc.assert(
      fc.property(values, fc.boolean(), (text, spreadsheetSafe) => {
        agree(Buffer.from(text), spreadsheetSafe)
      }),
      { numRuns: 5_000 },
    )
  })

  it('says the same as the full parser when a byte is changed, added or missing', () => {
    const original = Buffer.from('{"timestamp":-1707217879632.242,"message":"é=1","time":1707217879944,"diff":1}')
    const byte = fc.integer({ min: 0, max: 255 })
    const place = fc.integer({ min: 0, max: original.length })
    fc.assert(
      fc.property(place, fc.integer({ min: 0, max: 2 }), fc.array(byte, { maxLength: 2 }), (at, removed, added) => {
        agree(Buffer.concat([original.subarray(0, at), Buffer.from(added), original.subarray(at + removed)]), true)
      }),
      { numRuns: 5_000 },
    )
  })

  it('appends nothing where it gives up', () => {
    const rows = createRowBuffer()
    expect(
      appendFastRow(rows, within(Buffer.from('{"timestamp":1,"message":"\\u0041","time":1,"diff":1}')), {
        spreadsheetSafe: false,
      }),
    ).toBe(false)
    expect(rows.length).toBe(0)
  })
})

const agree = (value: Buffer, spreadsheetSafe: boolean): void => {
  const fast = fastRow(value, spreadsheetSafe)
  if (fast === undefined) return
  const row = { ok: true, text: fast.slice(0, -1) }
  expect(formatTimestampsRow(value, { spreadsheetSafe })).toEqual(row)
  expect(createFormatRow(timestampsColumns, { spreadsheetSafe })({ key: null, value })).toEqual(row)
}
