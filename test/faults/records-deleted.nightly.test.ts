import { expect, it } from '@jest/globals'
import { sourceOf } from '../support/expected-records.js'
import type { TopicRecord } from '../support/oracle-records.js'
import { startServiceProcess } from '../support/service-process.js'
import { judgeScene, layOutScene, loadOf, type Scene } from './scene.js'
import { writeLoad } from '../support/load-writer.js'
import { withBroker } from '../support/site.js'
import { within } from '../support/wait-for.js'

withBroker('an input topic that lost records before they were read', { proxies: ['etl'] }, (site) => {
  const runOnce = async (scene: Scene): Promise<void> => {
    const etl = await startServiceProcess({
      service: 'etl',
      bootstrap: site.kafka.bootstrap,
      environment: scene.environment,
    })
    await judgeScene(scene)
    expect(await etl.terminate()).toEqual({ code: 0, signal: null })
  }

  const expectLoudEnd = async (scene: Scene): Promise<void> => {
    const before = await site.oracle.readTopic(scene.outputTopic)
    const etl = await startServiceProcess({
      service: 'etl',
      bootstrap: site.kafka.bootstrap,
      environment: { ...scene.environment, ETL_STALL_SECONDS: '10' },
    })
    const { code } = await etl.exit
    expect(code).toBe(2)
    await etl.waitForLine(/"level":"fatal".*retention has deleted the .* offsets .*npm run admin -- reset/)
    // Nothing was skipped: the intact partition may continue, the other one stops.
    const after = await site.oracle.readTopic(scene.outputTopic)
    const [topic = ''] = scene.inputTopics
    expect(countOf(topic, after)).toBe(countOf(topic, before))
  }

  it('ends the ETL with a clear error when retention deleted what was not read yet', async () => {
    const { oracle } = site
    const scene = await layOutScene(oracle, 'retention', 1)
    const records = loadOf(scene, 2_000)
    await writeLoad({ oracle, records: records.slice(0, 1_000) })
    await runOnce(scene)
    await writeLoad({ oracle, records: records.slice(1_000) })
    const [topic = ''] = scene.inputTopics
    const [end] = await oracle.offsets(topic)
    await oracle.deleteRecords(topic, 0, (end?.highWatermark ?? 0n) - 10n)
    await expectLoudEnd(scene)
  }, 120_000)

  it('ends the ETL that is about to fetch them, with the same error, as soon as its consumer has ended', async () => {
    const { oracle, kafka } = site
    const scene = await layOutScene(oracle, 'fetched', 1)
    const records = loadOf(scene, 200)
    await writeLoad({ oracle, records: records.slice(0, 100) })
    const proxy = kafka.proxy('etl')
    const { environment } = scene
    const etl = await startServiceProcess({ service: 'etl', bootstrap: proxy.bootstrap, environment })
    await judgeScene(scene)
    const fetch = proxy.inject('holdRequest', { api: 'fetch', count: Number.POSITIVE_INFINITY })
    await fetch.fired
    await writeLoad({ oracle, records: records.slice(100) })
    for (const topic of scene.inputTopics) {
      const [end] = await oracle.offsets(topic)
      await oracle.deleteRecords(topic, 0, end?.highWatermark ?? 0n)
    }
    fetch.remove()
    // The watchdog would wait for longer, and sees no lag: nothing is left to read.
    const { code } = await within(etl.exit, { what: 'the ETL to end' })
    expect(code).toBe(2)
    await etl.waitForLine(/"level":"fatal".*retention has deleted the .* offsets .*npm run admin -- reset/)
  }, 120_000)
})

const countOf = (topic: string, outputs: readonly TopicRecord[]): number =>
  outputs.filter((record) => sourceOf(record).startsWith(`${topic}/`)).length
