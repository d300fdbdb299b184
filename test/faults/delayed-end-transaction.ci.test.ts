import { expect, it } from '@jest/globals'
import { startServiceProcess } from '../support/service-process.js'
import { withSharedBroker } from '../support/site.js'
import { within } from '../support/wait-for.js'
import { judgeScene, layOutScene, loadOf, startStream } from './scene.js'

// https://issues.apache.org/jira/browse/KAFKA-17754
withSharedBroker('a commit that arrives long after its sender gave it up', { proxies: ['etl'] }, (site) => {
  it('ends no later transaction of the same id', async () => {
    const { kafka, oracle } = site
    const scene = await layOutScene(oracle, 'late', 1)
    const proxy = kafka.proxy('etl')
    const transactionalId = `${scene.group}/${scene.inputTopics[0] ?? ''}/0`
    const etl = await startServiceProcess({
      service: 'etl',
      bootstrap: proxy.bootstrap,
      environment: scene.environment,
    })
    const follower = oracle.follow(scene.outputTopic)
    const commit = proxy.inject('holdRequest', { api: 'endTxn', nth: 3, body: transactionalId })
    const stream = startStream({ oracle, records: loadOf(scene, 60_000), perSecond: 300 })
    await within(commit.fired, { what: 'a commit to hold' })
    // The next transaction with this id has written its outputs and is sending its offsets: now the old commit arrives.
    const offsets = proxy.inject('holdRequest', { api: 'txnOffsetCommit', body: transactionalId })
    await within(offsets.fired, { what: 'the next transaction', deadlineMs: 90_000 })
    commit.release()
    // When the broker answers this on a direct connection, it has also read the late commit.
    await oracle.openTransactions(scene.outputTopic)
    offsets.release()
    const ledger = await stream.stop()
    await judgeScene(scene, { follower, ledger })
    expect(await etl.terminate()).toEqual({ code: 0, signal: null })
  }, 180_000)
})
