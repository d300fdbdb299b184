import { expect, it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom } from '../support/random.js'
import { startServiceProcess } from '../support/service-process.js'
import { withBroker } from '../support/site.js'
import { superviseService } from '../support/supervisor.js'
import { awaitNextOutput, judgeScene, layOutScene, loadOf, startStream } from './scene.js'
import { seed } from './seed.js'

const sessionTimeoutMs = 6_000

withBroker('a group whose members come and go under load', { proxies: ['slow'] }, (site) => {
  it('eight times, a topic growing meanwhile, loses, repeats and reorders nothing', async () => {
    const { kafka, oracle } = site
    const scene = await layOutScene(oracle, 'churn')
    const { environment } = scene
    const random = createRandom(seed)
    const etl = await superviseService({ service: 'etl', bootstrap: kafka.bootstrap, environment })
    const follower = oracle.follow(scene.outputTopic)
    const stream = startStream({ oracle, records: loadOf(scene, 100_000), perSecond: 500 })
    for (let time = 0; time < 8; time++) {
      const others = await Promise.all(
        [2, 3].map(() => startServiceProcess({ service: 'etl', bootstrap: kafka.bootstrap, environment })),
      )
      if (time === 3) await oracle.growTopic(scene.inputTopics[0] ?? '', 4)
      await Promise.all(others.map((other) => other.waitForLine(/joined the consumer group/)))
      await awaitNextOutput(follower, Date.now())
      // Some leave cleanly, some are killed.
      for (const other of others) await (random() < 0.5 ? other.terminate() : other.kill9())
      await awaitNextOutput(follower, Date.now())
    }
    const ledger = await stream.stop()
    await judgeScene(scene, { follower, ledger, deadlineMs: 120_000 })
    expect(await etl.stop()).toEqual({ code: 0, signal: null })
  }, 300_000)

  it('one of them killed and one added, goes on within 15 s', async () => {
    const { kafka, oracle } = site
    const scene = await layOutScene(oracle, 'exchange', 3)
    const { environment } = scene
    const start = () => startServiceProcess({ service: 'etl', bootstrap: kafka.bootstrap, environment })
    const [first, second, third] = await Promise.all([start(), start(), start()])
    const follower = oracle.follow(scene.outputTopic)
    const stream = startStream({ oracle, records: loadOf(scene, 100_000), perSecond: 500 })
    await awaitNextOutput(follower, Date.now())
    const killedAtMs = Date.now()
    await first.kill9()
    expect(await awaitNextOutput(follower, killedAtMs)).toBeLessThan(15_000)
    const fourth = await start()
    await fourth.waitForLine(/joined the consumer group/)
    await awaitNextOutput(follower, Date.now())
    const ledger = await stream.stop()
    await judgeScene(scene, { follower, ledger })
    for (const member of [second, third, fourth]) expect(await member.terminate()).toEqual({ code: 0, signal: null })
  }, 180_000)

  it('a transaction that takes longer than the session timeout keeps its member in the group', async () => {
    const { kafka, oracle } = site
    const scene = await layOutScene(oracle, 'long')
    const proxy = kafka.proxy('slow')
    const etl = await startServiceProcess({
      service: 'etl',
      bootstrap: proxy.bootstrap,
      environment: scene.environment,
    })
    await etl.waitForHttp('/ready', 200)
    const follower = oracle.follow(scene.outputTopic)
    const offsets = proxy.inject('holdRequest', { api: 'txnOffsetCommit', nth: 3 })
    const stream = startStream({ oracle, records: loadOf(scene, 60_000), perSecond: 300 })
    await offsets.fired
    await sleep(2 * sessionTimeoutMs)
    offsets.release()
    const ledger = await stream.stop()
    await judgeScene(scene, { follower, ledger })
    expect(etl.lines.filter(({ msg }) => msg === 'joined the consumer group')).toHaveLength(1)
    expect(await etl.terminate()).toEqual({ code: 0, signal: null })
  }, 180_000)
})
