import { describe, expect, it } from '@jest/globals'
import { formatLogHeaders, parseLogHeaders } from '../src/log-headers.js'
import { planRound } from '../src/plan-round.js'
import { firstMissing, isThere, reachesBack, readProgress } from '../src/progress.js'

const inputs = [
  { topic: 'timezone1', zone: 'America/New_York' },
  { topic: 'timezone2', zone: 'Europe/Paris' },
]

describe('log headers', () => {
  it('come back as they were written', () => {
    const position = { index: 9_007_199_254_740_990, confirmed: 12 }
    expect(parseLogHeaders(4_294_967_295, formatLogHeaders(4_294_967_295, position))).toEqual(position)
    expect(parseLogHeaders(3, { log: Buffer.from('3/11'), confirmed: Buffer.from('10') })).toEqual({
      index: 11,
      confirmed: 10,
    })
  })
  it.each([
    ['another seed', { log: '1/11', confirmed: '0' }],
    ['no headers', undefined],
    ['no log', { confirmed: '0' }],
    ['no confirmed', { log: '0/1' }],
    ['something else', { log: '0/x', confirmed: '0' }],
    ['a list', { log: ['0/1'], confirmed: '0' }],
  ])('of %s are those of a stranger', (_, headers) => expect(parseLogHeaders(0, headers)).toBeUndefined())
})

describe('progress', () => {
  it('is none in empty topics', () => {
    const progress = readProgress([[], []])
    expect(firstMissing(progress)).toBe(0)
    expect(isThere(progress, 0)).toBe(false)
  })

  it('is everything below the highest confirmed, and what came after it', () => {
    const progress = readProgress([
      [
        { index: 3, confirmed: 0 },
        { index: 10, confirmed: 10 },
        { index: 12, confirmed: 10 },
      ],
      [{ index: 9, confirmed: 0 }],
    ])
    expect([9, 10, 11, 12, 13].map((index) => isThere(progress, index))).toEqual([true, true, false, true, false])
    expect(firstMissing(progress)).toBe(11)
  })

  it('needs no more of a partition in which a log below the confirmed was seen', () => {
    expect(reachesBack([{ index: 9, confirmed: 0 }], 10)).toBe(true)
    expect(reachesBack([{ index: 10, confirmed: 10 }], 10)).toBe(false)
    expect(reachesBack([], 10)).toBe(false)
  })
})

describe('planRound', () => {
  const layout = { seed: 5, inputs, partitionCounts: [2, 3] }
  const nothing = { confirmed: 0, later: new Set<number>() }

  it('puts each log into one batch: of its zone, of partition index modulo count, indexes rising', () => {
    const batches = planRound(layout, nothing, 100, 200)
    const all = batches.flatMap(({ indexes }) => indexes).sort((one, other) => one - other)
    expect(all).toEqual(Array.from({ length: 100 }, (_, at) => 100 + at))
    for (const { inputIndex, partition, indexes } of batches) {
      expect(indexes).toEqual(indexes.toSorted((one, other) => one - other))
      for (const index of indexes) expect(index % (layout.partitionCounts[inputIndex] ?? 0)).toBe(partition)
    }
    expect(new Set(batches.map(({ inputIndex, partition }) => `${inputIndex}/${partition}`)).size).toBe(batches.length)
  })

  it('leaves out what is there already', () => {
    const batches = planRound(layout, { confirmed: 102, later: new Set([104]) }, 100, 106)
    expect(batches.flatMap(({ indexes }) => indexes).sort()).toEqual([102, 103, 105])
  })
})
