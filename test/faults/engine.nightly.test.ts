import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import type { Server } from '@kafka-etl/local/broker'
import { startEngine, startKafkaForEngine, type TestEngine } from '../support/engine.js'
import type { TestKafka } from '../support/kafka.js'
import { startOracle, type Follower, type Oracle } from '../support/oracle.js'
import { waitFor } from '../support/wait-for.js'
import { awaitMore, judgeSequence, partitionCount, sequenceSql, startLoad } from './engine-proof.js'

jest.setTimeout(600_000)

describe('the engine under kills', () => {
  let kafka: TestKafka
  let oracle: Oracle
  let engine: TestEngine
  let follower: Follower

  beforeAll(async () => {
    const site = await startKafkaForEngine()
    kafka = site.kafka
    oracle = await startOracle(kafka.bootstrap)
    await oracle.createTopics([
      { name: 'sequence_in', partitionCount },
      { name: 'sequence_out', partitionCount },
    ])
    const sql = { 'sequence.sql': sequenceSql }
    engine = await startEngine({
      bootstrap: kafka.bootstrap,
      zookeeperPort: site.zookeeperPort,
      folder: kafka.folder,
      taskManagers: 1,
      sql,
    })
    follower = oracle.follow('sequence_out')
  })

  afterAll(async () => {
    await oracle.stop()
    await kafka.stop()
  })

  it('loses, repeats and miscounts nothing, whatever part is killed', async () => {
    const load = startLoad(oracle)
    await awaitMore(follower, 'the first counts')
    const kill = async (what: string, servers: readonly Server[]): Promise<number> => {
      const killedAtMs = performance.now()
      await Promise.all(servers.map((server) => server.kill9()))
      await Promise.all(servers.map((server) => server.restart()))
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
