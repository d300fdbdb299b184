import { describe, expect, it } from '@jest/globals'
import { createAppendRow } from '../../src/rows/append-row.js'
import { createRowBuffer, writtenRows } from '../../src/rows/row-buffer.js'
import { timestampsColumns } from '../../src/rows/timestamps-row.js'
import { outputRecord } from './output-record.js'

const rowOf = (pipeline: string, columns: readonly string[], text: string, key: string | null = null) => {
  const rows = createRowBuffer(1)
  const append = createAppendRow({ pipeline, columns, format: undefined }, { spreadsheetSafe: false })
  const record = { offset: 0, key: key === null ? null : Buffer.from(key), value: Buffer.from(text) }
  return append(rows, outputRecord(record)) ?? writtenRows(rows).toString('utf8')
}

describe('appendRow', () => {
  it('writes the columns of a result', () => {
    expect(rowOf('noaa', ['station.id', 'TMIN', '$key'], '{"station":{"id":"A"},"TMIN":-1.50}', 'k')).toBe(
      '"A",-1.50,"k"\n',
    )
  })

  it("takes nothing else of the settings, where a pipeline's own may have any name", () => {
    const rows = createRowBuffer(1)
    const settings = { spreadsheetSafe: false, format: 'both' }
    const append = createAppendRow({ pipeline: 'rides', columns: ['ride'], format: undefined }, settings)
    append(rows, outputRecord({ offset: 0, key: null, value: Buffer.from('{"ride":"a"}') }))
    expect(writtenRows(rows).toString('utf8')).toBe('"a"\n')
  })

  it('has rows of nothing but logs in the default result', () => {
    expect(rowOf('timestamps', timestampsColumns, '{"timestamp":1}')).toBe('expected text as message, got none')
  })

  it('leaves missing fields empty in any other, also with these columns', () => {
    expect(rowOf('', timestampsColumns, '{"timestamp":1}')).toBe('1,,,\n')
    expect(rowOf('', timestampsColumns, '{"timestamp":1,"message":"a","time":2,"diff":1}')).toBe('1,"a",2,1\n')
  })
})
