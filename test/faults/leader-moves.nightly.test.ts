import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { startOracle, type Oracle } from '../support/oracle.js'
import { superviseService } from '../support/supervisor.js'
import { waitFor } from '../support/wait-for.js'
import { judgeScene, loadOf, nameScene, resultsFileOf, startStream } from './scene.js'
import { startThreeBrokers, type ThreeBrokers } from './three-brokers.js'

describe('three brokers, whose leaders are killed in turn under load', () => {
  let cluster: ThreeBrokers
  let oracle: Oracle
  beforeAll(async () => {
    cluster = await startThreeBrokers()
    oracle = await startOracle(cluster.bootstrap)
  }, 240_000)
  afterAll(async () => {
    await oracle.stop()
    await cluster.stop()
  }, 60_000)

  it('no record of a partition whose leader moved is lost or repeated', async () => {
    const { brokers, bootstrap } = cluster
    const scene = nameScene(oracle, 'moves', 2)
    const { environment, inputTopics, outputTopic, deadLetterTopic } = scene
    const sizes = [...inputTopics.map((topic) => [topic, 2]), [outputTopic, 4], [deadLetterTopic, 4]]
    await cluster.createTopics(Object.fromEntries(sizes) as Record<string, number>)
    const named = { ...environment, ETL_INSTANCE: 'one' }
    const etl = await superviseService({ service: 'etl', bootstrap, environment: named })
    const reader = await superviseService({ service: 'reader', bootstrap, environment })
    await etl.current().waitForHttp('/ready', 200, 60_000)
    const follower = oracle.follow(outputTopic)
    const stream = startStream({ oracle, records: loadOf(scene, 100_000), perSecond: 300 })
    for (let partition = 0; partition < 4; partition++) {
      await sleep(3_000)
      const leader = brokers[await cluster.leaderOf(outputTopic, partition)]
      if (leader === undefined) throw new Error(`Expected a leader of partition ${partition}, got none`)
      await leader.kill9()
      await sleep(8_000)
      await leader.restart()
      const topics = [...inputTopics, outputTopic, deadLetterTopic]
      await waitFor(() => cluster.isInSync(topics), {
        what: 'three copies of everything',
        deadlineMs: 120_000,
        everyMs: 500,
      })
    }
    const ledger = await stream.stop()
    await judgeScene(scene, { follower, ledger, resultsFile: resultsFileOf(reader), deadlineMs: 180_000 })
    expect(await etl.stop()).toEqual({ code: 0, signal: null })
    expect(await reader.stop()).toEqual({ code: 0, signal: null })
  }, 600_000)
})
