import { describe, expect, it } from '@jest/globals'
import { createActivity } from '../src/activity.js'
import type { ConvertedBatch } from '../src/convert-batch.js'

const nothing: ConvertedBatch = {
  outputs: [],
  deadLetters: [],
  outputCount: 0,
  rejected: new Map(),
  warned: new Map(),
  lastTimestampMs: undefined,
  lastRejection: undefined,
}

describe('the line of activity', () => {
  it('is none when nothing happened', () => {
    const activity = createActivity()
    activity.add('a', 0, nothing)
    expect(activity.take(7, 1)).toBeUndefined()
  })

  it('tells records by topic, the rate and the lag, once', () => {
    const activity = createActivity()
    activity.add('a', 0, { ...nothing, outputCount: 3 })
    activity.add('b', 0, { ...nothing, outputCount: 4 })
    activity.add('a', 1, { ...nothing, outputCount: 5 })
    expect(activity.take(9, 2)).toEqual({
      fields: { records: 12, rejected: 0, rate: 6, lag: 9 },
      message: 'unified 12 (a 8, b 4); 6/s, lag 9',
      hasRejections: false,
    })
    expect(activity.take(9, 2)).toBeUndefined()
  })

  it('tells the reasons of rejections, where the last one is, and warnings', () => {
    const activity = createActivity()
    activity.add('a', 2, {
      ...nothing,
      outputCount: 1,
      rejected: new Map([
        ['value_not_json', 2],
        ['field_missing', 1],
      ]),
      warned: new Map([['zone_mismatch', 1]]),
      lastRejection: { offset: 41, reason: 'field_missing' },
    })
    expect(activity.take(0, 1)).toEqual({
      fields: {
        records: 1,
        rejected: 3,
        rate: 4,
        lag: 0,
        topic: 'a',
        partition: 2,
        offset: '41',
        value_not_json: 2,
        field_missing: 1,
        zone_mismatch: 1,
      },
      message:
        'unified 1 (a 1); set aside 3 (value_not_json 2, field_missing 1), last a/2/41 (field_missing); zone_mismatch 1: written all the same; 4/s, lag 0',
      hasRejections: true,
    })
  })
})
