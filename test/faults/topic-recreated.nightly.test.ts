import { expect, it } from '@jest/globals'
import { isGroupAtEnd } from '../support/cluster-checks.js'
import { sourceOf } from '../support/expected-records.js'
import type { TopicRecord } from '../support/oracle-records.js'
import { startServiceProcess } from '../support/service-process.js'
import { waitFor } from '../support/wait-for.js'
import { judgeScene, layOutScene, loadOf, type Scene } from './scene.js'
import { writeLoad } from '../support/load-writer.js'
import { withBroker } from '../support/site.js'

withBroker('an input topic that is no longer the one it was', {}, (site) => {
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
    // Nothing was skipped: the partition that is sound may go on, the other one stands.
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

  // The broker forgets the group's offsets of a deleted topic: to the ETL the new one is a topic like any other.
  it('is read from its start when it was deleted and made again; the reader says that it has these coordinates', async () => {
    const { kafka, oracle } = site
    const scene = await layOutScene(oracle, 'again', 1)
    const { environment, outputTopic, group, inputTopics } = scene
    const records = loadOf(scene, 2_000)
    await writeLoad({ oracle, records: records.slice(0, 1_000) })
    const reader = await startServiceProcess({ service: 'reader', bootstrap: kafka.bootstrap, environment })
    await runOnce(scene)
    const [topic = ''] = inputTopics
    const before = countOf(topic, await oracle.readTopic(outputTopic))
    await oracle.deleteTopic(topic)
    const makeAgain = async (): Promise<true> => {
      await oracle.createTopics([{ name: topic, partitionCount: 1 }])
      return true
    }
    await waitFor(makeAgain, { what: 'the topic to be made again' })
    const fresh = records
      .slice(1_000, 1_100)
      .filter((record) => record.topic === topic && record.badReason === undefined)
    await writeLoad({ oracle, records: fresh })
    const etl = await startServiceProcess({ service: 'etl', bootstrap: kafka.bootstrap, environment })
    await waitFor(() => isGroupAtEnd(oracle, group, inputTopics), { what: 'the new topic to be handled' })
    expect(countOf(topic, await oracle.readTopic(outputTopic))).toBe(before + fresh.length)
    await reader.waitForLine(/dropped records whose source is in results.csv already.*start a new file/)
    expect(await etl.terminate()).toEqual({ code: 0, signal: null })
    expect(await reader.terminate()).toEqual({ code: 0, signal: null })
  }, 120_000)
})

const countOf = (topic: string, outputs: readonly TopicRecord[]): number =>
  outputs.filter((record) => sourceOf(record).startsWith(`${topic}/`)).length
