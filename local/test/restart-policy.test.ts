import { describe, expect, it } from '@jest/globals'
import { decideNextStep, describeExit } from '../src/restart-policy.js'

const died = { exit: { code: 1, signal: null }, ranMs: 100, lastPauseMs: 0, hasEnd: false }

describe('decideNextStep', () => {
  it('doubles the pause from 250 ms to 3 s while the part keeps dying young', () => {
    const pauses: number[] = []
    for (let count = 0; count < 7; count += 1) {
      const step = decideNextStep({ ...died, lastPauseMs: pauses.at(-1) ?? 0 })
      if (step.restart) pauses.push(step.pauseMs)
    }
    expect(pauses).toEqual([250, 500, 1_000, 2_000, 3_000, 3_000, 3_000])
  })

  it('pauses shortly again after 10 s of work', () => {
    expect(decideNextStep({ ...died, lastPauseMs: 3_000, ranMs: 10_000 })).toEqual({ restart: true, pauseMs: 250 })
    expect(decideNextStep({ ...died, lastPauseMs: 3_000, ranMs: 9_999 })).toEqual({ restart: true, pauseMs: 3_000 })
  })

  it.each([true, false])('never starts again after exit code 2 (hasEnd: %s)', (hasEnd) => {
    const exit = { code: 2, signal: null }
    expect(decideNextStep({ ...died, exit, hasEnd })).toEqual({ restart: false, outcome: 'failed' })
  })

  it('takes exit code 0 for the end of a part that has one, and for a fault of any other', () => {
    const exit = { code: 0, signal: null }
    expect(decideNextStep({ ...died, exit, hasEnd: true })).toEqual({ restart: false, outcome: 'done' })
    expect(decideNextStep({ ...died, exit, hasEnd: false })).toEqual({ restart: true, pauseMs: 250 })
  })

  it('starts again after a signal', () => {
    expect(decideNextStep({ ...died, exit: { code: null, signal: 'SIGKILL' }, hasEnd: true }).restart).toBe(true)
  })
})

describe('describeExit', () => {
  it('names the code or the signal', () => {
    expect(describeExit({ code: 1, signal: null })).toBe('exit code 1')
    expect(describeExit({ code: null, signal: 'SIGKILL' })).toBe('signal SIGKILL')
  })
})
