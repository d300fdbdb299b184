import { describe, expect, it } from '@jest/globals'
import { findSurplus } from '../src/optional-profiles.js'
import type { PartStatus } from '../src/part-status.js'

const part = (name: string): PartStatus => ({ name, state: 'running', health: 'healthy', process: '-' })
const running = ['kafka', 'etl-1', 'jobmanager', 'taskmanager-1', 'taskmanager-2', 'engine', 'registry'].map(part)

describe('findSurplus', () => {
  it('names what runs of a profile that is off', () => {
    expect(findSurplus('engine', running)).toEqual([{ profile: 'registry', services: ['registry'] }])
    expect(findSurplus(undefined, running)).toEqual([
      { profile: 'registry', services: ['registry'] },
      { profile: 'engine', services: ['engine', 'taskmanager', 'jobmanager'] },
    ])
  })

  it('names nothing of a profile that is on, nor what does not run', () => {
    expect(findSurplus('monitoring,engine,registry', running)).toEqual([])
    expect(findSurplus('*', running)).toEqual([])
    expect(findSurplus('', [part('kafka')])).toEqual([])
  })
})
