import { describe, expect, it } from '@jest/globals'
import { countRestarts, noRestarts, restartsWithoutEnd } from '../../src/jobs/restarts.js'

const after = (...looks: readonly (readonly [restarts: number, lastCheckpointAtMs: number])[]) => {
  let added = 0
  let record = noRestarts
  for (const [restarts, lastCheckpointAtMs] of looks) {
    const step = countRestarts(record, { restarts, lastCheckpointAtMs })
    record = step.record
    added += step.added
  }
  return { record, added }
}

describe('countRestarts', () => {
  it('takes a job for one that restarts without end when no checkpoint comes between', () => {
    expect(restartsWithoutEnd(after([0, 5], [1, 5], [2, 5]).record)).toBe(false)
    expect(restartsWithoutEnd(after([0, 5], [1, 5], [3, 5]).record)).toBe(true)
    expect(restartsWithoutEnd(after([0, 5], [1, 5], [2, 9], [3, 9]).record)).toBe(false)
  })

  it('goes on counting when another JobManager begins at 0', () => {
    expect(after([4, 5], [1, 6], [2, 7]).added).toBe(6)
  })
})
