import { describe, expect, it } from '@jest/globals'
import { convertWatched, StepTimeoutError, type StepProgress } from '../src/step-watchdog.js'

const monotonicMs = (): number => performance.now()

const watch = <Converted>(convert: (progress: StepProgress) => Converted): Converted => {
  const progress = { offset: 0, startedMs: monotonicMs() }
  const watched = { topic: 't', partition: 3, stepSeconds: 0.3, monotonicMs, progress }
  return convertWatched(watched, () => convert(progress))
}

const spin = (untilMs: number): void => {
  while (monotonicMs() < untilMs);
}

describe('the watchdog of steps', () => {
  it('gives what the conversion gives, and throws what it throws', () => {
    expect(watch(() => 'made')).toBe('made')
    const failing = (): never => {
      throw new RangeError('oh')
    }
    expect(() => watch(failing)).toThrow('oh')
  })

  it('ends a step that does not return, whatever it catches, and names its record', () => {
    const stuck = (progress: StepProgress): void => {
      progress.offset = 4711
      for (;;) {
        try {
          spin(Infinity)
        } catch {
          // This does not keep it going either.
        }
      }
    }
    expect(() => watch(stuck)).toThrow(new StepTimeoutError('t', 3, 4711n, 0.3))
  })

  it('gives many steps more time, if each of them returns in time', () => {
    let runs = 0
    const convert = (progress: StepProgress): number => {
      runs++
      for (let step = 0; step < 6; step++) {
        progress.startedMs = monotonicMs()
        spin(progress.startedMs + 80)
      }
      return runs
    }
    expect(watch(convert)).toBe(2)
  })
})
