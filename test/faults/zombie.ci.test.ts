import { expect, it } from '@jest/globals'
import { startServiceProcess } from '../support/service-process.js'
import { withSharedBroker } from '../support/site.js'
import { superviseService } from '../support/supervisor.js'
import { waitFor } from '../support/wait-for.js'
import { awaitNextOutput, judgeScene, layOutScene, loadOf, startStream } from './scene.js'

withSharedBroker('an ETL that stood still between send and commit', { proxies: ['zombie', 'other'] }, (site) => {
  it('is fenced when it wakes up after another took over, and works on as a member like any other', async () => {
    const { kafka, oracle } = site
    const scene = await layOutScene(oracle, 'zombie')
    const proxy = kafka.proxy('zombie')
    const { environment } = scene
    const supervised = await superviseService({ service: 'etl', bootstrap: proxy.bootstrap, environment })
    const zombie = supervised.current()
    await zombie.waitForHttp('/ready', 200)
    const follower = oracle.follow(scene.outputTopic)
    const commit = proxy.inject('holdRequest', { api: 'endTxn', nth: 3 })
    const stream = startStream({ oracle, records: loadOf(scene, 60_000), perSecond: 400 })
    await commit.fired
    zombie.pause()
    const pausedAtMs = Date.now()
    const other = await startServiceProcess({ service: 'etl', bootstrap: kafka.bootstrap, environment })
    expect(await awaitNextOutput(follower, pausedAtMs)).toBeLessThan(15_000)
    // The other instance has all four partitions, including the one with the open transaction.
    await waitFor(() => other.lines.filter(({ msg }) => msg.startsWith('took over')).length >= 4, {
      what: 'the takeover of every partition',
    })
    const seenLines = zombie.lines.length
    zombie.resume()
    commit.release()
    const failure = await zombie.waitForLine(/gave up a transaction/, { after: seenLines, deadlineMs: 60_000 })
    expect(failure.msg).toMatch(/epoch|fenced|PRODUCER|no longer valid/i)
    // It continues by itself, or ends with exit code 1 and is restarted: KafkaJS crashes for good on some fenced calls.
    const isBack = (): boolean =>
      supervised
        .lines()
        .slice(seenLines)
        .some(({ msg }) => msg === 'joined the consumer group')
    await waitFor(isBack, { what: 'the former zombie to join the group', deadlineMs: 60_000 })
    expect(supervised.exits.filter(({ code }) => code !== 1)).toEqual([])
    const ledger = await stream.stop()
    await judgeScene(scene, { follower, ledger })
    expect(await supervised.stop()).toEqual({ code: 0, signal: null })
    expect(await other.terminate()).toEqual({ code: 0, signal: null })
  }, 180_000)

  it('whose commit still gets through just before the takeover: the position is the one behind it', async () => {
    const { kafka, oracle } = site
    const scene = await layOutScene(oracle, 'late-zombie', 1)
    const { environment, group } = scene
    const [zombieProxy, otherProxy] = [kafka.proxy('zombie'), kafka.proxy('other')]
    const zombie = await startServiceProcess({ service: 'etl', bootstrap: zombieProxy.bootstrap, environment })
    await zombie.waitForHttp('/ready', 200)
    const follower = oracle.follow(scene.outputTopic)
    const transactionalId = `${group}/${scene.inputTopics[0] ?? ''}/0`
    // Its offset is not pending yet, so that nothing but the init keeps the other from reading the one before it.
    const offset = zombieProxy.inject('holdRequest', { api: 'txnOffsetCommit', nth: 2, body: transactionalId })
    const stream = startStream({ oracle, records: loadOf(scene, 60_000), perSecond: 300 })
    await offset.fired
    zombie.pause()
    const before = await oracle.groupOffsets(group)
    const init = otherProxy.inject('holdRequest', { api: 'initProducerId', body: transactionalId })
    const other = await startServiceProcess({ service: 'etl', bootstrap: otherProxy.bootstrap, environment })
    await init.fired
    offset.release()
    zombie.resume()
    const hasMoved = async (): Promise<boolean> => {
      const now = await oracle.groupOffsets(group)
      return now.some(
        ({ topic, offset }) =>
          topic === scene.inputTopics[0] && !before.some((row) => row.topic === topic && row.offset === offset),
      )
    }
    await waitFor(hasMoved, { what: 'the commit of the one that stands still' })
    init.release()
    const ledger = await stream.stop()
    await judgeScene(scene, { follower, ledger })
    await zombie.kill9()
    expect(await other.terminate()).toEqual({ code: 0, signal: null })
  }, 120_000)
})
