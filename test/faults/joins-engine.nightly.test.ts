import { expect, it, jest } from '@jest/globals'
import type { Server } from '@kafka-etl/local/broker'
import { withEngine } from '../support/engine-site.js'
import { findBusyTaskManagers } from './engine-jobs.js'
import { killAndRestart } from './engine-kills.js'
import { joinSqlOf, joinTopics } from './engine-joins.js'
import { awaitJoins } from './engine-joins-verdict.js'
import { joinPartitions, makeJoinRound, recordsOfRound, roundCount } from './engine-seeded-joins.js'
import { seed } from './seed.js'

jest.setTimeout(1_800_000)

const options = {
  // Not compacted: the oracle has to see each change.
  topics: joinTopics.map((name) => ({ name, partitionCount: joinPartitions })),
  taskManagers: 2,
  sql: joinSqlOf(2),
}

withEngine('three joins on two TaskManagers under kills', options, (site) => {
  it('lose, repeat and mistake nothing of 200,000 records', async () => {
    const { oracle, engine } = site
    expect(await findBusyTaskManagers(engine.flinkUrl)).toEqual(['taskmanager-1', 'taskmanager-2'])
    const { jobManager, taskManagers, service } = engine
    const [firstTaskManager, secondTaskManager] = taskManagers
    const kills = new Map<number, readonly (Server | undefined)[]>([
      [10, [firstTaskManager]],
      // Right after rows of a table.
      [16, [jobManager]],
      [22, [secondTaskManager, service]],
      [28, [jobManager, ...taskManagers, service]],
    ])
    let written = 0
    for (let round = 0; round < roundCount; round++) {
      const outcomes = await oracle.write(makeJoinRound(seed, round))
      expect(outcomes.filter(({ ok }) => !ok)).toEqual([])
      written += outcomes.length
      await killAndRestart((kills.get(round) ?? []).filter((server) => server !== undefined))
    }
    expect(written).toBeGreaterThanOrEqual(roundCount * recordsOfRound)
    const verdict = await awaitJoins(oracle)
    process.stdout.write(`${written} records: ${JSON.stringify(verdict)}\n`)
    const nothing = { lost: 0, twice: 0, wrong: 0 }
    for (const [join, { expected, ...found }] of Object.entries(verdict)) {
      expect([join, found]).toEqual([join, nothing])
      expect([join, expected]).not.toEqual([join, 0])
    }
  })
})
