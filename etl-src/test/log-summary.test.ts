import { describe, expect, it } from '@jest/globals'
import { createLogSummary } from '../src/log-summary.js'
import { emptyBatch } from './empty-batch.js'

describe('the summary in the log', () => {
  it('is none when nothing happened', () => {
    const summary = createLogSummary()
    summary.add('a', 0, emptyBatch)
    expect(summary.take(7, 1)).toBeUndefined()
  })

  it('has records by topic, the rate and the lag, once', () => {
    const summary = createLogSummary()
    summary.add('a', 0, { ...emptyBatch, outputCount: 3 })
    summary.add('b', 0, { ...emptyBatch, outputCount: 4 })
    summary.add('a', 1, { ...emptyBatch, outputCount: 5 })
    expect(summary.take(9, 2)).toEqual({
      fields: { records: 12, rejected: 0, rate: 6, lag: 9 },
      message: 'wrote 12 records (a: 8, b: 4); 6/s, lag 9',
      hasRejections: false,
    })
    expect(summary.take(9, 2)).toBeUndefined()
  })

  it('has the reasons of rejections, where the last one is, and warnings', () => {
    const summary = createLogSummary()
    summary.add('a', 2, {
      ...emptyBatch,
      outputCount: 1,
      rejected: new Map([
        ['value_not_json', 2],
        ['field_missing', 1],
      ]),
      dropped: new Map([['free', 2]]),
      warned: new Map([['zone_mismatch', 1]]),
      lastRejection: { offset: 41, reason: 'field_missing' },
    })
    expect(summary.take(0, 1)).toEqual({
      fields: {
        records: 1,
        rejected: 3,
        dropped: 2,
        rate: 6,
        lag: 0,
        topic: 'a',
        partition: 2,
        offset: '41',
        value_not_json: 2,
        field_missing: 1,
        free: 2,
        zone_mismatch: 1,
      },
      message:
        'wrote 1 record (a: 1); rejected 3 (value_not_json: 2, field_missing: 1), last a/2/41 (field_missing); dropped 2 (free: 2); warnings for zone_mismatch: 1; 6/s, lag 0',
      hasRejections: true,
    })
  })
})
