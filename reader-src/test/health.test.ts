import { describe, expect, it } from '@jest/globals'
import {
  advanceStalls,
  createHealth,
  longestStallMs,
  readinessOf,
  type PartitionLag,
  type Stalls,
} from '../src/health.js'

const look = (stalls: Stalls, lag: PartitionLag, elapsedMs = 1_000): Stalls =>
  advanceStalls(stalls, new Map([[0, lag]]), elapsedMs)

describe('stalls', () => {
  it('grow while there is lag and no move', () => {
    let stalls: Stalls = new Map()
    for (let second = 0; second <= 10; second++) stalls = look(stalls, { next: 5, lag: 1 })
    expect(longestStallMs(stalls)).toBe(10_000)
  })

  it('end with a move, and with the lag', () => {
    const stalled = look(look(new Map(), { next: 5, lag: 9 }), { next: 5, lag: 9 })
    expect(longestStallMs(look(stalled, { next: 6, lag: 8 }))).toBe(0)
    expect(longestStallMs(look(stalled, { next: 5, lag: 0 }))).toBe(0)
  })

  it('are of one partition though others move', () => {
    const progress = (next: number) =>
      new Map([
        [0, { next, lag: 1 }],
        [1, { next: 3, lag: 1 }],
      ])
    const stalls = [1, 2, 3].reduce<Stalls>((before, next) => advanceStalls(before, progress(next), 1_000), new Map())
    expect(longestStallMs(stalls)).toBe(2_000)
  })

  it('count a process that slept for a moment only', () => {
    const stalls = look(look(new Map(), { next: 5, lag: 1 }), { next: 5, lag: 1 }, 3_600_000)
    expect(longestStallMs(stalls)).toBe(5_000)
  })

  it('are none without partitions', () => {
    expect(longestStallMs(new Map())).toBe(0)
  })
})

describe('readiness', () => {
  const caughtUp = () => ({ ...createHealth('noaa/a.csv'), isJoined: true, isCaughtUp: true })

  it('takes every result, and names the one that is not ready', () => {
    expect(readinessOf([caughtUp(), caughtUp()])).toEqual({ ok: true })
    expect(readinessOf([caughtUp(), createHealth('noaa/b.csv')])).toEqual({
      ok: false,
      reason: 'noaa/b.csv: has not joined its consumer group yet',
    })
  })

  it('does not wait for a topic that does not exist yet', () => {
    expect(readinessOf([caughtUp(), { ...createHealth('noaa/b.csv'), isTopicMissing: true }])).toEqual({ ok: true })
  })
})
