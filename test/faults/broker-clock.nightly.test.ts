import { expect, it } from '@jest/globals'
import { createBrokerClock, type BrokerClock } from '../support/broker-clock.js'
import type { KafkaOptions } from '../support/kafka.js'
import type { Follower } from '../support/oracle.js'
import { withBroker } from '../support/site.js'
import { superviseService } from '../support/supervisor.js'
import { waitFor, within } from '../support/wait-for.js'
import { judgeScene, layOutScene, loadOf, resultsFileOf, startStream } from './scene.js'

const tenMinutesMs = 600_000
const rounds = [1, 2, 3]

let clock: BrokerClock

const withSteppingClock = async (): Promise<KafkaOptions> => {
  clock = await createBrokerClock()
  // Look for expired transactions ten times a second instead of every 10 s.
  const settings = { 'transaction.abort.timed.out.transaction.cleanup.interval.ms': '100' }
  return { clock, settings, proxies: ['etl'] }
}

withBroker("a broker's wall clock that steps under load", withSteppingClock, (site) => {
  /** How far the broker's clock is from this machine's, from the timestamp of a record that it appends. */
  const readOffsetMs = async (topic: string): Promise<number> => {
    await site.oracle.write([{ topic, partition: 0, value: 'now' }])
    const appended = (await site.oracle.readTopic(topic)).at(-1)
    return (appended?.timestampMs ?? 0) - Date.now()
  }

  const awaitOutputs = async (follower: Follower, count: number): Promise<void> => {
    const before = follower.records.length
    const what = `${count} more outputs`
    await waitFor(() => follower.records.length >= before + count, { what, deadlineMs: 60_000 })
  }

  it.each([-tenMinutesMs, tenMinutesMs])(
    'by %s ms and back, three times: the services go on, nothing is lost, repeated or out of order',
    async (stepMs) => {
      const { kafka, oracle } = site
      const name = stepMs < 0 ? 'behind' : 'ahead'
      const scene = await layOutScene(oracle, name)
      const settings = { 'message.timestamp.type': 'LogAppendTime' }
      await oracle.createTopics([{ name: `${name}-times`, partitionCount: 1, settings }])
      const { environment } = scene
      const etl = await superviseService({ service: 'etl', bootstrap: kafka.bootstrap, environment })
      const reader = await superviseService({ service: 'reader', bootstrap: kafka.bootstrap, environment })
      await etl.current().waitForHttp('/ready', 200)
      const follower = oracle.follow(scene.outputTopic)
      const stream = startStream({ oracle, records: loadOf(scene, 60_000), perSecond: 300 })
      await awaitOutputs(follower, 300)
      for (const round of rounds) {
        for (const offsetMs of [stepMs, 0]) {
          await clock.step(offsetMs)
          expect(Math.abs((await readOffsetMs(`${name}-times`)) - offsetMs)).toBeLessThan(30_000)
          await awaitOutputs(follower, 300 * round)
        }
      }
      const ledger = await stream.stop()
      await judgeScene(scene, { follower, ledger, resultsFile: resultsFileOf(reader) })
      for (const service of [etl, reader]) {
        expect(await service.stop()).toEqual({ code: 0, signal: null })
        expect(service.exits).toHaveLength(1)
      }
    },
    300_000,
  )

  it('ahead while a commit is under way: the broker ends the transaction, and its records are written again', async () => {
    const { kafka, oracle } = site
    const scene = await layOutScene(oracle, 'open', 1)
    const { environment } = scene
    const proxy = kafka.proxy('etl')
    const commit = proxy.inject('holdRequest', {
      api: 'endTxn',
      nth: 3,
      body: `${scene.group}/${scene.inputTopics[0] ?? ''}/0`,
    })
    const isOpen = async (): Promise<boolean> => {
      const topics = [scene.outputTopic, scene.deadLetterTopic]
      const open = await Promise.all(topics.map((topic) => oracle.openTransactions(topic)))
      return open.flat().some(({ partition }) => partition === 0)
    }
    const etl = await superviseService({ service: 'etl', bootstrap: proxy.bootstrap, environment })
    const follower = oracle.follow(scene.outputTopic)
    const stream = startStream({ oracle, records: loadOf(scene, 60_000), perSecond: 300 })
    await within(commit.fired, { what: 'a commit to hold' })
    expect(await isOpen()).toBe(true)
    await clock.step(tenMinutesMs)
    await waitFor(async () => !(await isOpen()), { what: 'the broker to end the transaction', deadlineMs: 15_000 })
    commit.release()
    await awaitOutputs(follower, 300)
    await clock.step(0)
    await awaitOutputs(follower, 300)
    expect(etl.exits).toEqual([])
    expect(await etl.current().metric('etl_transactions_failed_total')).toBeGreaterThanOrEqual(1)
    const ledger = await stream.stop()
    await judgeScene(scene, { follower, ledger })
    expect(await etl.stop()).toEqual({ code: 0, signal: null })
    expect(etl.exits).toHaveLength(1)
  }, 180_000)
})
