import { describe, expect, it, jest } from '@jest/globals'
import type { Clock } from '../../src/time/clock.js'
import { retry, type RetryPolicy } from '../../src/time/retry.js'

/** A clock whose pauses take no real time but advance it. */
const createFakeClock = (): Clock & { readonly pauses: number[] } => {
  const pauses: number[] = []
  const monotonicMs = (): number => pauses.reduce((sum, ms) => sum + ms, 0)
  return {
    pauses,
    monotonicMs,
    epochMs: monotonicMs,
    now: () => ({ epochMs: monotonicMs(), microsOfMs: 0 }),
    sleep: (ms) => {
      pauses.push(ms)
      return Promise.resolve()
    },
  }
}

const policy: RetryPolicy = { firstPauseMs: 50, longestPauseMs: 150, isRetriable: () => true }
const failing = (times: number) => {
  let attempts = 0
  return () => (++attempts > times ? Promise.resolve(attempts) : Promise.reject(new Error(`failure ${attempts}`)))
}

describe('retry()', () => {
  it('makes no pause for an attempt that succeeds', async () => {
    const clock = createFakeClock()
    await expect(retry(failing(0), policy, clock)).resolves.toBe(1)
    expect(clock.pauses).toEqual([])
  })

  it('doubles its pauses up to the longest', async () => {
    const clock = createFakeClock()
    const onRetry = jest.fn()
    await expect(retry(failing(4), { ...policy, onRetry }, clock)).resolves.toBe(5)
    expect(clock.pauses).toEqual([50, 100, 150, 150])
    expect(onRetry).toHaveBeenNthCalledWith(2, new Error('failure 2'), 100)
  })

  it('throws what no further attempt helps against', async () => {
    const isRetriable = (error: unknown): boolean => !(error instanceof Error && error.message === 'failure 2')
    await expect(retry(failing(9), { ...policy, isRetriable }, createFakeClock())).rejects.toThrow('failure 2')
  })

  it('begins no attempt after its time', async () => {
    const clock = createFakeClock()
    await expect(retry(failing(9), { ...policy, timeoutMs: 300 }, clock)).rejects.toThrow('failure 4')
    expect(clock.pauses).toEqual([50, 100, 150])
  })

  it('makes no attempt after a stop', async () => {
    const controller = new AbortController()
    const onRetry = (): void => controller.abort()
    const stopped = retry(failing(9), { ...policy, stopping: controller.signal, onRetry }, createFakeClock())
    await expect(stopped).rejects.toThrow('failure 1')
  })
})
