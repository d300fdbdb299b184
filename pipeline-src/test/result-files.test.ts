import { describe, expect, it } from '@jest/globals'
import { filesOfResult, findResultFiles } from '../src/index.js'

describe('filesOfResult', () => {
  it('names all files of a result after its CSV file', () => {
    const { folder, csv, positions, lock, rotated, cutOff, positionsPath } = filesOfResult('noaa/noaa.alerts.csv')
    expect([folder, csv, positions, lock, positionsPath]).toEqual([
      'noaa',
      'noaa.alerts.csv',
      'noaa.alerts.positions.json',
      'noaa.alerts.lock',
      'noaa/noaa.alerts.positions.json',
    ])
    expect(rotated(Date.UTC(2026, 10, 26, 13, 40, 5, 123))).toBe('noaa.alerts.2026-11-26T13-40-05.123Z.csv')
    expect([cutOff(47, 1), cutOff(47, 2)]).toEqual(['noaa.alerts.cut-off-at-47.csv', 'noaa.alerts.cut-off-at-47-2.csv'])
  })

  it('keeps the default result in RESULTS_DIR itself', () => {
    expect(filesOfResult('results.csv')).toMatchObject({ folder: '.', positionsPath: 'results.positions.json' })
  })
})

describe('findResultFiles', () => {
  it('finds what a reader wrote, by the positions or the lock beside it, and nothing else', () => {
    const files = filesOfResult('orders.csv')
    const { csv, positions, positionsBeforeRename, lock, rotated, cutOff } = files
    const requests = [files.rotationRequest, files.rotationRequestBeforeRename]
    const cuts = [cutOff(1, 1), cutOff(1, 2)]
    const own = [csv, positions, positionsBeforeRename, lock, `${lock}.tmp`, rotated(0), ...cuts, ...requests]
    const foreign = ['mine.csv', 'orders.xlsx', 'orders.notes.csv', 'orders-copy.csv', 'positions.json']
    expect(findResultFiles([...own, ...foreign])).toEqual(own)
    expect(findResultFiles([csv, ...foreign])).toEqual([])
  })
})
