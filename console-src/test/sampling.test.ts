import { describe, expect, it } from '@jest/globals'
import { createDelays } from '../src/sampling/delays.js'
import { createHistory } from '../src/sampling/history.js'
import { createLetterCounts } from '../src/sampling/letter-counts.js'
import { sumMetric } from '../src/sampling/parts.js'
import { createRate } from '../src/sampling/rate.js'

describe('a rate', () => {
  it('is what a count has grown by in a second, over the last seconds', () => {
    const rate = createRate(5_000)
    expect(rate.perSecond()).toBe(0)
    for (let second = 0; second <= 10; second++) rate.add(second * 1_000, second * 20)
    expect(rate.perSecond()).toBe(20)
    for (let second = 11; second <= 20; second++) rate.add(second * 1_000, 200)
    expect(rate.perSecond()).toBe(0)
  })

  it('begins anew when the count does', () => {
    const rate = createRate()
    rate.add(0, 1_000)
    rate.add(1_000, 3)
    expect(rate.perSecond()).toBe(0)
    rate.add(2_000, 8)
    expect(rate.perSecond()).toBe(5)
  })
})

describe('delays', () => {
  it('are those of the last minute', () => {
    const delays = createDelays(60_000)
    for (let index = 1; index <= 100; index++) delays.add(index, index)
    expect(delays.read(1_000)).toEqual({ p50Ms: 50, p99Ms: 99, samples: 100 })
    expect(delays.read(70_000)).toBeUndefined()
  })
})

describe('the history', () => {
  it('keeps ten minutes, and null where a series did not exist yet', () => {
    const history = createHistory()
    history.add({ atMs: 0, values: { old: 1 } })
    history.add({ atMs: 500_000, values: { lag: 1 } })
    history.add({ atMs: 700_000, values: { lag: 2, p50: 3 } })
    expect(history.read()).toEqual({ times: [500_000, 700_000], series: { lag: [1, 2], p50: [null, 3] } })
  })

  it('forgets what lies in the future of a clock that was set back', () => {
    const history = createHistory()
    history.add({ atMs: 9_000_000, values: { lag: 1 } })
    history.add({ atMs: 1_000, values: { lag: 2 } })
    expect(history.read().times).toEqual([1_000])
  })
})

describe('dead letters by reason', () => {
  it('are bounded, whatever reasons somebody makes up', () => {
    const counts = createLetterCounts()
    counts.add(undefined)
    counts.add('a\u202eb')
    for (let index = 0; index < 1_000; index++) counts.add(`reason ${index}`)
    const { total, byReason } = counts.read()
    expect(total).toBe(1_002)
    expect(Object.keys(byReason)).toHaveLength(51)
    expect(byReason).toMatchObject({ '(none)': 1, 'a\\u{202e}b': 1, '(others)': 952 })
  })
})

describe('sumMetric', () => {
  it('sums a metric over its labels', () => {
    const text = '# HELP a b\na{p="0"} 1\na{p="1"} 2.5\nab 7\n'
    expect(sumMetric(text, 'a')).toBe(3.5)
    expect(sumMetric(text, 'c')).toBeUndefined()
  })
})
