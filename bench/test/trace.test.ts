import { describe, expect, it } from '@jest/globals'
import { measureTrace, type Sighting } from '../src/trace.js'

const sighting = (atMs: number, ends: readonly number[], cpuSeconds: number): Sighting => ({
  point: { atMs, ends },
  usage: { cpuSeconds, residentMib: 0 },
})

describe('measureTrace', () => {
  it('counts only what came after the first sighting of an output', () => {
    const sightings = [sighting(0, [0, 0], 1), sighting(1_000, [100, 100], 2), sighting(3_000, [500, 500], 4)]
    expect(measureTrace(sightings, 1_000)).toEqual({
      logsPerSecond: 400,
      seconds: 2,
      logsPerCpuSecond: 400,
      logsPerCpuSecondInAll: 250,
    })
  })
  it('measures nothing from a single sighting', () => expect(measureTrace([sighting(1, [5], 1)], 5)).toEqual({}))
})
