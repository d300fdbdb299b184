import { describe, expect, it } from '@jest/globals'
import { createSchedule } from '../src/schedule.js'

describe('a schedule of one log a second', () => {
  const schedule = createSchedule(1)
  it('has log i due after i seconds', () => {
    expect(schedule.dueCount(0)).toBe(1)
    expect(schedule.dueCount(999.9)).toBe(1)
    expect(schedule.dueCount(1000)).toBe(2)
    expect(schedule.dueCount(99_000)).toBe(100)
  })
  it('waits for the next log, and not at all for one that is late', () => {
    expect(schedule.pauseMs(1, 0)).toBe(1000)
    expect(schedule.pauseMs(5, 4_200)).toBe(800)
    expect(schedule.pauseMs(5, 5_000)).toBe(0)
    expect(schedule.pauseMs(5, 90_000)).toBe(0)
  })
  it('has everything due that a pause held up', () => expect(schedule.dueCount(40_000)).toBe(41))
})

describe.each([0.25, 3, 50, 1000, 123_456])('a schedule of %d logs a second', (rate) => {
  const schedule = createSchedule(rate)
  it('keeps its rate over an hour without drift, however the sender is woken', () => {
    let elapsedMs = 0
    let sent = 0
    while (elapsedMs < 3_600_000) {
      const due = schedule.dueCount(elapsedMs)
      expect(due).toBeGreaterThanOrEqual(sent)
      sent = due
      elapsedMs += Math.max(schedule.pauseMs(sent, elapsedMs), 700)
    }
    expect(Math.abs(sent - rate * 3600)).toBeLessThanOrEqual(rate * 5 + 1)
  })
  it('never says to wait for nothing', () => {
    const pauseMs = schedule.pauseMs(1, 0)
    expect(schedule.dueCount(pauseMs)).toBeGreaterThan(1)
  })
})

describe('a schedule of a log in a year', () => {
  it('says to look again within an hour, since no timer is as long', () => {
    expect(createSchedule(1 / 31_536_000).pauseMs(1, 0)).toBe(3_600_000)
  })
})

describe('a schedule without a rate', () => {
  it('has everything due at once', () => {
    expect(createSchedule(0).dueCount(0)).toBe(Number.POSITIVE_INFINITY)
    expect(createSchedule(0).pauseMs(1_000, 0)).toBe(0)
  })
})
