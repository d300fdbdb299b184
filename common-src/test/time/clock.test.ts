import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { createSystemClock } from '../../src/time/clock.js'
import type { Instant } from '../../src/time/instant.js'

const microsOf = ({ epochMs, microsOfMs }: Instant): number => epochMs * 1000 + microsOfMs

describe('the system clock', () => {
  let wallMs = 1_700_000_000_000
  let monotonicMs = 500
  beforeEach(() => {
    wallMs = 1_700_000_000_000
    monotonicMs = 500
    jest.spyOn(Date, 'now').mockImplementation(() => Math.floor(wallMs))
    jest.spyOn(performance, 'now').mockImplementation(() => monotonicMs)
  })
  afterEach(() => void jest.restoreAllMocks())

  const pass = (ms: number): void => {
    wallMs += ms
    monotonicMs += ms
  }

  it('has microseconds that the wall clock alone lacks', () => {
    const clock = createSystemClock()
    pass(0.25)
    expect(clock.now()).toEqual({ epochMs: 1_700_000_000_000, microsOfMs: 250 })
    pass(1.5)
    expect(clock.now()).toEqual({ epochMs: 1_700_000_000_001, microsOfMs: 750 })
  })

  it.each([3_600_000, -3_600_000, 5, -5])('follows the wall clock when that is set by %s ms', (step) => {
    const clock = createSystemClock()
    pass(10)
    wallMs += step
    expect(Math.abs(microsOf(clock.now()) - wallMs * 1000)).toBeLessThanOrEqual(1000)
    pass(10.125)
    expect(Math.abs(microsOf(clock.now()) - wallMs * 1000)).toBeLessThanOrEqual(1000)
  })

  it('does not go back while the wall clock runs on', () => {
    const clock = createSystemClock()
    let before = microsOf(clock.now())
    for (let step = 0; step < 1_000; step++) {
      pass(0.0375)
      const after = microsOf(clock.now())
      expect(after).toBeGreaterThanOrEqual(before)
      before = after
    }
  })

  it('sleeps until it is told to stop', async () => {
    const clock = createSystemClock()
    const stopping = new AbortController()
    const asleep = clock.sleep(3_600_000, stopping.signal)
    stopping.abort()
    await expect(asleep).resolves.toBeUndefined()
    await expect(clock.sleep(3_600_000, stopping.signal)).resolves.toBeUndefined()
    await expect(clock.sleep(0)).resolves.toBeUndefined()
  })
})
