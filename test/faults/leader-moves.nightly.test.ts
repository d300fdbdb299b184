import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startOracle, type Oracle } from '../support/oracle.js'
import { superviseService } from '../support/supervisor.js'
import { waitFor } from '../support/wait-for.js'
import { awaitNextOutput, judgeScene, loadOf, nameScene, resultsFileOf, startStream } from './scene.js'
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
    await cluster.createTopics(Object.fromEntries(inputTopics.map((topic) => [topic, 2])))
    // The services create the outputs with this many replicas.
    const replicated = { ...environment, KAFKA_REPLICATION_FACTOR: '3' }
    const named = { ...replicated, ETL_INSTANCE: 'one' }
    const etl = await superviseService({ service: 'etl', bootstrap, environment: named })
    const reader = await superviseService({ service: 'reader', bootstrap, environment: replicated })
    await etl.current().waitForHttp('/ready', 200, 60_000)
    const follower = oracle.follow(outputTopic)
    const stream = startStream({ oracle, records: loadOf(scene, 100_000), perSecond: 300 })
    const topics = [...inputTopics, outputTopic, deadLetterTopic]
    const awaitCopies = (): Promise<unknown> =>
      waitFor(() => cluster.isInSync(topics), { what: 'three copies of everything', deadlineMs: 120_000, everyMs: 500 })
    await awaitCopies()
    for (let partition = 0; partition < 4; partition++) {
      await awaitNextOutput(follower, Date.now(), 120_000)
      const leaderId = await cluster.leaderOf(outputTopic, partition)
      const leader = brokers[leaderId]
      if (leader === undefined) throw new Error(`Expected a leader of partition ${partition}, got none`)
      await leader.kill9()
      const hasMoved = async (): Promise<boolean> => {
        const newLeaderId = await cluster.leaderOf(outputTopic, partition)
        return newLeaderId >= 0 && newLeaderId !== leaderId
      }
      await waitFor(hasMoved, { what: `another leader of partition ${partition}`, deadlineMs: 60_000 })
      await awaitNextOutput(follower, Date.now(), 120_000)
      await leader.restart()
      await awaitCopies()
    }
    const ledger = await stream.stop()
    await judgeScene(scene, { follower, ledger, resultsFile: resultsFileOf(reader), deadlineMs: 180_000 })
    expect(await etl.stop()).toEqual({ code: 0, signal: null })
    expect(await reader.stop()).toEqual({ code: 0, signal: null })
  }, 600_000)
})
