import { describe, expect, it } from '@jest/globals'
import { createProgress, type Progress } from '../src/progress.js'

const stallMs = 60_000

const createAssigned = (): Progress => {
  const progress = createProgress(0)
  progress.assigned([{ topic: 't', partition: 0 }], 0)
  return progress
}

const livenessOf = (progress: Progress, nowMs: number): string => {
  const health = progress.liveness(nowMs, stallMs)
  return health.ok ? 'ok' : health.reason
}

const readinessOf = (progress: Progress, nowMs = 0): string => {
  const health = progress.readiness(nowMs)
  return health.ok ? 'ok' : health.reason
}

describe('liveness', () => {
  it('fails when Kafka has not answered for long', () => {
    const progress = createProgress(1_000)
    expect(livenessOf(progress, 61_000)).toBe('ok')
    expect(livenessOf(progress, 61_001)).toBe('no answer from Kafka for 60 s, and never joined the group')
    progress.assigned([], 61_001)
    expect(livenessOf(progress, 121_001)).toBe('ok')
    expect(livenessOf(progress, 200_000)).toBe('no answer from Kafka for 139 s')
  })

  it('fails when there is lag and no offset moves', () => {
    const progress = createAssigned()
    progress.moved('t', 0, 5n, 1_000)
    for (let nowMs = 2_000; nowMs <= 61_000; nowMs += 1_000) progress.ended('t', 0, 9n, nowMs)
    // The lag began at 2 s, when the end was asked for and found beyond the position.
    expect(livenessOf(progress, 62_000)).toBe('ok')
    expect(livenessOf(progress, 62_001)).toBe('t/0 has lag, and its offset 5 has not moved for 60 s')
    progress.moved('t', 0, 6n, 62_001)
    expect(livenessOf(progress, 62_001)).toBe('ok')
  })

  it('takes a partition that never moved and has lag for stalled too', () => {
    const progress = createAssigned()
    for (let nowMs = 0; nowMs <= 61_000; nowMs += 1_000) progress.ended('t', 0, 9n, nowMs)
    expect(livenessOf(progress, 61_001)).toMatch(/^t\/0 has lag, and its offset \(none\) has not moved/)
  })

  it('takes an idle partition for well, for as long as Kafka answers', () => {
    const progress = createAssigned()
    progress.moved('t', 0, 9n, 0)
    for (let nowMs = 0; nowMs <= 600_000; nowMs += 2_000) progress.ended('t', 0, 9n, nowMs)
    expect(livenessOf(progress, 600_000)).toBe('ok')
    progress.ended('t', 0, 10n, 600_000)
    expect(livenessOf(progress, 659_000)).toBe('ok')
  })

  it('is not fooled by a group that only ever rebalances', () => {
    const progress = createAssigned()
    progress.moved('t', 0, 5n, 0)
    for (let nowMs = 0; nowMs <= 70_000; nowMs += 1_000) {
      progress.assigned([{ topic: 't', partition: 0 }], nowMs)
      progress.ended('t', 0, 9n, nowMs)
    }
    expect(livenessOf(progress, 70_000)).toMatch(/^t\/0 has lag/)
  })

  it('forgets a partition that went to somebody else', () => {
    const progress = createAssigned()
    progress.ended('t', 0, 9n, 0)
    progress.assigned([], 1_000)
    progress.ended('t', 0, 9n, 61_000)
    progress.moved('t', 0, 1n, 61_000)
    expect(livenessOf(progress, 100_000)).toBe('ok')
    expect(progress.lags(0, 0)).toEqual([])
  })
})

describe('readiness', () => {
  it('comes with the group, and with the end that the log had at the start', () => {
    const progress = createProgress(0)
    expect(readinessOf(progress)).toBe('has not joined the consumer group yet')
    progress.assigned([{ topic: 't', partition: 0 }], 0)
    expect(readinessOf(progress)).toBe('t/0 has not caught up with where its log ended at the start')
    progress.ended('t', 0, 9n, 0)
    progress.moved('t', 0, 8n, 0)
    expect(readinessOf(progress)).not.toBe('ok')
    progress.moved('t', 0, 9n, 0)
    progress.ended('t', 0, 100n, 0)
    expect(readinessOf(progress)).toBe('ok')
  })

  it('goes while Kafka does not answer, and comes back with it', () => {
    const progress = createAssigned()
    progress.ended('t', 0, 0n, 0)
    expect(readinessOf(progress, 10_000)).toBe('ok')
    expect(readinessOf(progress, 12_000)).toBe('no answer from Kafka for 12 s')
    progress.ended('t', 0, 0n, 12_000)
    expect(readinessOf(progress, 12_000)).toBe('ok')
  })

  it('needs nothing of an empty log, nor of a partition that the group had finished before', () => {
    const progress = createProgress(0)
    progress.assigned(
      [0, 1].map((partition) => ({ topic: 't', partition })),
      0,
    )
    progress.ended('t', 0, 0n, 0)
    progress.committed('t', 1, 9n)
    progress.ended('t', 1, 9n, 0)
    expect(readinessOf(progress)).toBe('ok')
  })
})

describe('lag', () => {
  it('is the distance to the end, and the age of the last record while there is any', () => {
    const progress = createAssigned()
    expect(progress.lags(0, 0)).toEqual([{ topic: 't', partition: 0, records: 0, seconds: 0 }])
    progress.ended('t', 0, 9n, 0)
    progress.moved('t', 0, 4n, 0, 1_000_000)
    expect(progress.lags(1_003_500, 0)).toEqual([{ topic: 't', partition: 0, records: 5, seconds: 3.5 }])
    progress.moved('t', 0, 9n, 0)
    expect(progress.lags(1_003_500, 0)).toEqual([{ topic: 't', partition: 0, records: 0, seconds: 0 }])
  })

  it('is never below nothing: neither ahead of an older end, nor of a record from the future', () => {
    const progress = createAssigned()
    progress.ended('t', 0, 9n, 0)
    progress.moved('t', 0, 12n, 0, 9_000)
    expect(progress.lags(1_000, 0)).toEqual([{ topic: 't', partition: 0, records: 0, seconds: 0 }])
    progress.ended('t', 0, 13n, 0)
    expect(progress.lags(1_000, 0)).toEqual([{ topic: 't', partition: 0, records: 1, seconds: 0 }])
  })

  it('goes by what the group has committed where nothing was handled yet, but never back', () => {
    const progress = createAssigned()
    progress.committed('t', 0, -1n)
    progress.ended('t', 0, 9n, 0)
    expect(progress.lags(0, 0)).toMatchObject([{ records: 9 }])
    progress.committed('t', 0, 7n)
    progress.moved('t', 0, 8n, 0)
    progress.committed('t', 0, 7n)
    expect(progress.lags(0, 0)).toMatchObject([{ records: 1 }])
  })

  it('is no older than the moment when nothing was left to do, however long nothing had come before', () => {
    const progress = createAssigned()
    progress.ended('t', 0, 9n, 1_000)
    progress.moved('t', 0, 9n, 1_500, 500)
    progress.ended('t', 0, 9n, 601_000)
    progress.ended('t', 0, 10n, 603_000)
    expect(progress.lags(603_500, 603_500)).toMatchObject([{ records: 1, seconds: 2.5 }])
    progress.moved('t', 0, 10n, 604_000, 602_000)
    progress.ended('t', 0, 12n, 605_000)
    expect(progress.lags(605_500, 605_500)).toMatchObject([{ records: 2, seconds: 2.5 }])
  })

  it('grows from the assignment on where nothing was handled yet', () => {
    const progress = createAssigned()
    progress.ended('t', 0, 9n, 1_000)
    expect(progress.lags(1_000_000, 8_000)).toMatchObject([{ records: 9, seconds: 8 }])
  })
})
