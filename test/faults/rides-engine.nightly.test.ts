import { expect, it, jest } from '@jest/globals'
import type { Server } from '@kafka-etl/local/broker'
import { withEngine } from '../support/engine-site.js'
import { findBusyTaskManagers } from './engine-jobs.js'
import { killAndRestart } from './engine-kills.js'
import { makeLastRides, makeRides, rideSqlOf, rideTopics, startMs, zoneRecord } from './engine-rides.js'
import { awaitRides } from './engine-rides-verdict.js'

jest.setTimeout(1_800_000)

const count = 200_000
const batch = 5_000
const renamedMs = startMs + count * 40 * 0.75

const options = { topics: rideTopics, taskManagers: 2, sql: rideSqlOf(2) }

withEngine('rides on two TaskManagers under kills', options, (site) => {
  it('share the work, and lose, repeat and miscount nothing', async () => {
    const { oracle, engine } = site
    expect(await findBusyTaskManagers(engine.flinkUrl)).toEqual(['taskmanager-1', 'taskmanager-2'])
    await oracle.write(Array.from({ length: 39 }, (_, index) => zoneRecord(index + 1, `Zone ${index + 1}`, 0)))
    const { jobManager, taskManagers, service } = engine
    const [firstTaskManager, secondTaskManager] = taskManagers
    const kills = new Map<number, readonly (Server | undefined)[]>([
      [50_000, [firstTaskManager]],
      [80_000, [jobManager]],
      [110_000, [secondTaskManager, service]],
      [140_000, [jobManager, ...taskManagers, service]],
    ])
    for (let first = 0; first < count; first += batch) {
      await oracle.write(makeRides(first, batch, 1))
      if (first === count / 2) await oracle.write([zoneRecord(7, 'Zone 7, renamed', renamedMs)])
      await killAndRestart((kills.get(first) ?? []).filter((server) => server !== undefined))
    }
    await oracle.write(makeLastRides(count))
    const nameOf = (id: number, pickupMs: number): string | null => {
      if (id === 40) return null
      return id === 7 && pickupMs >= renamedMs ? 'Zone 7, renamed' : `Zone ${id}`
    }
    expect(await awaitRides(oracle, nameOf)).toEqual({ lost: 0, twice: 0, wrong: 0 })
  })
})
