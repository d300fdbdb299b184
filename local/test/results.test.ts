import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { removeResults } from '../src/remove-results.js'
import { createRowSplitter, readResults } from '../src/results.js'

describe('createRowSplitter', () => {
  it('finds the same rows however the bytes are cut', () => {
    const field = fc.string().map((text) => `"${text.replaceAll('"', '""')}"`)
    const rows = fc.array(field.map((text) => `1.5,${text},2,1`))
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 9 }), (expected, size) => {
        const bytes = Buffer.from(expected.map((row) => `${row}\n`).join(''))
        const found: string[] = []
        const split = createRowSplitter((row) => found.push(row.toString()))
        for (let start = 0; start < bytes.length; start += size) split(bytes.subarray(start, start + size))
        expect(found).toEqual(expected)
      }),
    )
  })
})

describe('results.csv', () => {
  let folder = ''
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'results-'))))
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('is read without its header and without a row that is still being written', async () => {
    writeFileSync(join(folder, 'results.csv'), 'timestamp,message,time,diff\n1,"a\nb",2,1\n3,"c",4,1\n5,"d')
    expect(await readResults(join(folder, 'results.csv'), 1)).toEqual({
      header: 'timestamp,message,time,diff',
      count: 2,
      last: ['3,"c",4,1'],
    })
  })

  it('is undefined before the first start', async () =>
    expect(await readResults(join(folder, 'results.csv'), 1)).toBeUndefined())

  it('is removed by name: files and folders of others stay, however alike their names', async () => {
    const own = [
      'results.csv',
      'results.positions.json',
      'results.positions.json.tmp',
      'results.lock',
      'results.2026-11-26T13-40-05.123Z.csv',
      'results.cut-off-at-4711.csv',
      'results.cut-off-at-4711-2.csv',
    ]
    const others = ['results.xlsx', 'results.2023.csv', 'results.csv.bak', 'results.csv~']
    for (const file of [...own, ...others]) writeFileSync(join(folder, file), '')
    mkdirSync(join(folder, 'results.archive'))
    expect([...(await removeResults(folder))].toSorted()).toEqual(own.map((file) => join(folder, file)).toSorted())
    expect(readdirSync(folder).toSorted()).toEqual([...others, 'results.archive'].toSorted())
  })

  it("is removed with the reader's positions; whatever else is in the folder stays", async () => {
    for (const file of ['results.csv', 'results.positions.json', 'notes.txt']) writeFileSync(join(folder, file), '')
    expect(await removeResults(folder)).toHaveLength(2)
    expect(readdirSync(folder)).toEqual(['notes.txt'])
  })

  it('is removed as the results of every pipeline are; tables of others stay', async () => {
    const own = [
      'noaa/noaa-alerts.csv',
      'noaa/noaa-alerts.positions.json',
      'noaa/noaa-alerts.lock',
      'T.csv',
      'T.positions.json',
    ]
    const others = ['noaa/notes.csv', 'rides/rides.csv', 'U.csv']
    for (const name of ['noaa', 'rides']) mkdirSync(join(folder, name))
    for (const file of [...own, ...others]) writeFileSync(join(folder, file), '')
    expect([...(await removeResults(folder))].toSorted()).toEqual(own.map((file) => join(folder, file)).toSorted())
    expect(readdirSync(folder, { recursive: true }).toSorted()).toEqual([...others, 'noaa', 'rides'].toSorted())
  })

  it('leaves no folder behind that was for results alone', async () => {
    mkdirSync(join(folder, 'noaa'))
    for (const end of ['csv', 'positions.json']) writeFileSync(join(folder, 'noaa', `noaa-alerts.${end}`), '')
    expect(await removeResults(folder)).toHaveLength(2)
    expect(existsSync(folder)).toBe(false)
  })
})
