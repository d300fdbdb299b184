import { beforeAll, expect, it, jest } from '@jest/globals'
import type { Server } from '@kafka-etl/local/broker'
import { withEngine } from '../support/engine-site.js'
import type { Follower } from '../support/oracle.js'
import { waitFor } from '../support/wait-for.js'
import { killAndRestart } from './engine-kills.js'
import { awaitMore, judgeSequence, partitionCount, sequenceSql, startLoad } from './engine-proof.js'

jest.setTimeout(600_000)

const options = {
  topics: [
    { name: 'sequence_in', partitionCount },
    { name: 'sequence_out', partitionCount },
  ],
  taskManagers: 1,
  sql: { 'sequence.sql': sequenceSql },
}

withEngine('the engine under kills', options, (site) => {
  let follower: Follower
  beforeAll(() => {
    follower = site.oracle.follow('sequence_out')
  })

  it('loses, repeats and miscounts nothing, whatever part is killed', async () => {
    const { oracle, engine } = site
    const load = startLoad(oracle)
    await awaitMore(follower, 'the first counts')
    const kill = async (what: string, servers: readonly Server[]): Promise<number> => {
      const killedAtMs = performance.now()
      await killAndRestart(servers)
      await awaitMore(follower, `counts after the kill of ${what}`)
      return Math.round((performance.now() - killedAtMs) / 100) / 10
    }
    const { jobManager, taskManagers, service } = engine
    const seconds = {
      taskManager: await kill('the TaskManager', taskManagers),
      jobManager: await kill('the JobManager', [jobManager]),
      everyPart: await kill('every part of the engine', [jobManager, ...taskManagers, service]),
    }
    const count = await load.stop()
    await waitFor(() => follower.records.length >= count || undefined, { what: 'all counts', deadlineMs: 180_000 })
    const committed = (await oracle.readTopic('sequence_out')).map(({ value }) => value)
    expect(judgeSequence(committed, count)).toEqual({ lost: 0, twice: 0, wrong: 0 })
    process.stdout.write(`committed output again after s: ${JSON.stringify(seconds)}\n`)
  })
})
