import { describe, expect, it } from '@jest/globals'
import { createEtlHealth, type EtlHealth } from '../src/health.js'

const stallMs = 60_000

const createAssigned = (): EtlHealth => {
  const health = createEtlHealth(0)
  health.assigned([{ topic: 't', partition: 0 }], 0)
  return health
}

const livenessOf = (health: EtlHealth, nowMs: number): string => {
  const liveness = health.liveness(nowMs, stallMs)
  return liveness.ok ? 'ok' : liveness.reason
}

const readinessOf = (health: EtlHealth, nowMs = 0): string => {
  const readiness = health.readiness(nowMs)
  return readiness.ok ? 'ok' : readiness.reason
}

describe('liveness', () => {
  it('fails when Kafka has not answered for long', () => {
    const health = createEtlHealth(1_000)
    expect(livenessOf(health, 61_000)).toBe('ok')
    expect(livenessOf(health, 61_001)).toBe('no answer from Kafka for 60 s, and never joined the group')
    health.assigned([], 61_001)
    expect(livenessOf(health, 121_001)).toBe('ok')
    expect(livenessOf(health, 200_000)).toBe('no answer from Kafka for 139 s')
  })

  it('fails when there is lag and no offset moves', () => {
    const health = createAssigned()
    health.moved('t', 0, 5n, 1_000)
    for (let nowMs = 2_000; nowMs <= 61_000; nowMs += 1_000) health.ended('t', 0, 9n, nowMs)
    // The lag began at 2 s, when Kafka answered with an end beyond the position.
    expect(livenessOf(health, 62_000)).toBe('ok')
    expect(livenessOf(health, 62_001)).toBe('t/0 has lag, and its offset 5 has not moved for 60 s')
    health.moved('t', 0, 6n, 62_001)
    expect(livenessOf(health, 62_001)).toBe('ok')
  })

  it('takes a partition that never moved and has lag for stalled too', () => {
    const health = createAssigned()
    for (let nowMs = 0; nowMs <= 61_000; nowMs += 1_000) health.ended('t', 0, 9n, nowMs)
    expect(livenessOf(health, 61_001)).toMatch(/^t\/0 has lag, and its offset \(none\) has not moved/)
  })

  it('takes an idle partition for well, for as long as Kafka answers', () => {
    const health = createAssigned()
    health.moved('t', 0, 9n, 0)
    for (let nowMs = 0; nowMs <= 600_000; nowMs += 2_000) health.ended('t', 0, 9n, nowMs)
    expect(livenessOf(health, 600_000)).toBe('ok')
    health.ended('t', 0, 10n, 600_000)
    expect(livenessOf(health, 659_000)).toBe('ok')
  })

  it('is not fooled by a group that only ever rebalances', () => {
    const health = createAssigned()
    health.moved('t', 0, 5n, 0)
    for (let nowMs = 0; nowMs <= 70_000; nowMs += 1_000) {
      health.assigned([{ topic: 't', partition: 0 }], nowMs)
      health.ended('t', 0, 9n, nowMs)
    }
    expect(livenessOf(health, 70_000)).toMatch(/^t\/0 has lag/)
  })

  it('forgets a partition that went to somebody else', () => {
    const health = createAssigned()
    health.ended('t', 0, 9n, 0)
    health.assigned([], 1_000)
    health.ended('t', 0, 9n, 61_000)
    health.moved('t', 0, 1n, 61_000)
    expect(livenessOf(health, 100_000)).toBe('ok')
    expect(health.lags(0, 0)).toEqual([])
  })
})

describe('readiness', () => {
  it('comes with the group, and with the end that the log had at the start', () => {
    const health = createEtlHealth(0)
    expect(readinessOf(health)).toBe('has not joined the consumer group yet')
    health.assigned([{ topic: 't', partition: 0 }], 0)
    expect(readinessOf(health)).toBe('t/0 has not caught up with where its log ended when the ETL started')
    health.ended('t', 0, 9n, 0)
    health.moved('t', 0, 8n, 0)
    expect(readinessOf(health)).not.toBe('ok')
    health.moved('t', 0, 9n, 0)
    health.ended('t', 0, 100n, 0)
    expect(readinessOf(health)).toBe('ok')
  })

  it('goes while Kafka does not answer, and comes back with it', () => {
    const health = createAssigned()
    health.ended('t', 0, 0n, 0)
    expect(readinessOf(health, 10_000)).toBe('ok')
    expect(readinessOf(health, 12_000)).toBe('no answer from Kafka for 12 s')
    health.ended('t', 0, 0n, 12_000)
    expect(readinessOf(health, 12_000)).toBe('ok')
  })

  it('needs nothing of an empty log, nor of a partition that the group had finished before', () => {
    const health = createEtlHealth(0)
    health.assigned(
      [0, 1].map((partition) => ({ topic: 't', partition })),
      0,
    )
    health.ended('t', 0, 0n, 0)
    health.committed('t', 1, 9n)
    health.ended('t', 1, 9n, 0)
    expect(readinessOf(health)).toBe('ok')
  })
})

describe('lag', () => {
  it('is the distance to the end, and the age of the last record while there is any', () => {
    const health = createAssigned()
    expect(health.lags(0, 0)).toEqual([{ topic: 't', partition: 0, records: 0, seconds: 0 }])
    health.ended('t', 0, 9n, 0)
    health.moved('t', 0, 4n, 0, 1_000_000)
    expect(health.lags(1_003_500, 0)).toEqual([{ topic: 't', partition: 0, records: 5, seconds: 3.5 }])
    health.moved('t', 0, 9n, 0)
    expect(health.lags(1_003_500, 0)).toEqual([{ topic: 't', partition: 0, records: 0, seconds: 0 }])
  })

  it('is never below nothing: neither ahead of an older end, nor of a record from the future', () => {
    const health = createAssigned()
    health.ended('t', 0, 9n, 0)
    health.moved('t', 0, 12n, 0, 9_000)
    expect(health.lags(1_000, 0)).toEqual([{ topic: 't', partition: 0, records: 0, seconds: 0 }])
    health.ended('t', 0, 13n, 0)
    expect(health.lags(1_000, 0)).toEqual([{ topic: 't', partition: 0, records: 1, seconds: 0 }])
  })

  it('goes by what the group has committed where nothing was handled yet, but never back', () => {
    const health = createAssigned()
    health.committed('t', 0, -1n)
    health.ended('t', 0, 9n, 0)
    expect(health.lags(0, 0)).toMatchObject([{ records: 9 }])
    health.committed('t', 0, 7n)
    health.moved('t', 0, 8n, 0)
    health.committed('t', 0, 7n)
    expect(health.lags(0, 0)).toMatchObject([{ records: 1 }])
  })

  it('is no older than the moment when nothing was left to do, however long nothing had come before', () => {
    const health = createAssigned()
    health.ended('t', 0, 9n, 1_000)
    health.moved('t', 0, 9n, 1_500, 500)
    health.ended('t', 0, 9n, 601_000)
    health.ended('t', 0, 10n, 603_000)
    expect(health.lags(603_500, 603_500)).toMatchObject([{ records: 1, seconds: 2.5 }])
    health.moved('t', 0, 10n, 604_000, 602_000)
    health.ended('t', 0, 12n, 605_000)
    expect(health.lags(605_500, 605_500)).toMatchObject([{ records: 2, seconds: 2.5 }])
  })

  it('grows from the assignment on where nothing was handled yet', () => {
    const health = createAssigned()
    health.ended('t', 0, 9n, 1_000)
    expect(health.lags(1_000_000, 8_000)).toMatchObject([{ records: 9, seconds: 8 }])
  })
})
