import { describe, expect, it } from '@jest/globals'
import { engineNeeds, findHeavyContainers, findShortages, registryNeeds, requireSpace } from '../src/heavy-parts.js'

const registry = registryNeeds({ isFetched: false })
const engine = engineNeeds({ isFetched: false, taskManagers: 1 })

const plenty = { memoryMb: 100_000, diskMb: 100_000, folder: '/data' }

describe('findShortages', () => {
  it('finds none without heavy parts, or with room for them', () => {
    expect(findShortages([], { ...plenty, memoryMb: 1, diskMb: 1 })).toEqual([])
    expect(findShortages([registry, engine], plenty)).toEqual([])
  })

  it('names what is short, how much of it, and the way out', () => {
    expect(findShortages([registry], { ...plenty, memoryMb: 200 })).toEqual([
      'Memory is short: the registry needs 300 MB, 200 MB are free. End other programs, or leave it out (REGISTRY=0).',
    ])
    expect(findShortages([registry, engine], { ...plenty, memoryMb: 1_400, diskMb: 900 })).toEqual([
      'Memory is short: the registry and the engine need 1650 MB, 1400 MB are free. End other programs, or leave them out (REGISTRY=0, ENGINE=0).',
      'Disk is short: the registry and the engine need 1400 MB, 900 MB are free in /data. Make room, or leave them out (REGISTRY=0, ENGINE=0).',
    ])
  })

  it('asks for memory for each TaskManager', () => {
    expect(
      findShortages([engineNeeds({ isFetched: true, taskManagers: 4 })], { ...plenty, memoryMb: 2_000 }),
    ).toHaveLength(1)
  })

  it('says nothing of a disk that cannot be asked', () => {
    expect(findShortages([registry], { ...plenty, diskMb: undefined })).toEqual([])
  })
})

describe('findHeavyContainers', () => {
  const settings = { taskManagers: 1 }
  it('finds those of the profiles that do not run yet', () => {
    expect(findHeavyContainers([], [], settings)).toEqual([])
    expect(findHeavyContainers(['registry', 'engine'], [], settings)).toEqual([registry, engine])
    const running = [
      { name: 'registry', state: 'running' },
      { name: 'jobmanager', state: 'stopped' },
    ]
    expect(findHeavyContainers(['registry', 'engine'], running, settings)).toEqual([
      engineNeeds({ isFetched: true, taskManagers: 1 }),
    ])
  })
})

describe('requireSpace', () => {
  it('asks this machine, for a folder that is not there yet', async () => {
    await requireSpace([{ ...registry, memoryMb: 1, diskMb: 1 }], '/tmp/not/there/yet')
    await expect(requireSpace([{ ...registry, memoryMb: 1e9 }], '/tmp/not/there')).rejects.toThrow(
      /Memory is short: the registry needs 1000000000 MB/,
    )
  })
})
