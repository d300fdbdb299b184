import { describe, expect, it } from '@jest/globals'
import { createCrashPoint } from '../../src/process/crash-point.js'

const killsAfter = (environment: Parameters<typeof createCrashPoint>[0], names: readonly string[]): number[] => {
  const kills: number[] = []
  let passed = 0
  const crashPoint = createCrashPoint(environment, () => kills.push(passed))
  for (const name of names) {
    passed++
    crashPoint(name)
  }
  return kills
}

const test = { NODE_ENV: 'test' }

describe('createCrashPoint', () => {
  it('kills at the n-th time that its point is passed, once', () => {
    expect(killsAfter({ ...test, CRASH_AT: 'a:2' }, ['a', 'b', 'b', 'a', 'a', 'a'])).toEqual([4])
    expect(killsAfter({ ...test, CRASH_AT: 'a' }, ['b', 'a', 'a'])).toEqual([2])
  })

  it('never kills outside of a test, or without CRASH_AT', () => {
    expect(killsAfter({ NODE_ENV: 'production', CRASH_AT: 'a:1' }, ['a'])).toEqual([])
    expect(killsAfter({ CRASH_AT: 'a:1' }, ['a'])).toEqual([])
    expect(killsAfter(test, ['a'])).toEqual([])
  })
})
