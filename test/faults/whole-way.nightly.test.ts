import { expect, it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom, pick } from '../support/random.js'
import { withBroker } from '../support/site.js'
import { superviseService, type SupervisedService } from '../support/supervisor.js'
import { waitFor } from '../support/wait-for.js'
import { judgeScene, nameScene, resultsFileOf, type Scene } from './scene.js'
import { seed } from './seed.js'

const count = 60_000
const stopped = { code: 0, signal: null }

withBroker('producer, ETL and reader together', { flavour: '3.9' }, (site) => {
  type Fault = (services: readonly SupervisedService[], scene: Scene) => Promise<void>

  /**
   * Checks that every log of the producer is in the input topics once, with the right result, although `fault`
   * happened.
   */
  const survive = async (name: string, fault: Fault): Promise<void> => {
    const { kafka, oracle } = site
    const scene = nameScene(oracle, name, 1)
    const environment = {
      ...scene.environment,
      LOG_LEVEL: 'info',
      PRODUCER_COUNT: String(count),
      PRODUCER_RATE: '1500',
    }
    const start = (service: 'producer' | 'etl' | 'reader') =>
      superviseService({ service, bootstrap: kafka.bootstrap, environment })
    const [producer, etl, reader] = [await start('producer'), await start('etl'), await start('reader')]
    await Promise.all([etl, reader].map((service) => service.current().waitForHttp('/ready', 200, 60_000)))
    await fault([producer, etl, reader], scene)
    expect(await producer.finished).toEqual(stopped)
    const { inputs, deadLetters } = await judgeScene(scene, { resultsFile: resultsFileOf(reader), deadlineMs: 120_000 })
    const numbers = inputs.map(({ value }) => Number((JSON.parse(String(value)) as { message: string }).message))
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index))
    expect(deadLetters).toEqual([])
    for (const service of [etl, reader]) expect(await service.stop()).toEqual(stopped)
  }

  const awaitInputs = async ({ oracle, inputTopics }: Scene, inputCount: number): Promise<void> => {
    const areThere = async (): Promise<boolean> => {
      const ends = (await Promise.all(inputTopics.map((topic) => oracle.offsets(topic)))).flat()
      return ends.reduce((sum, { highWatermark }) => sum + Number(highWatermark), 0) >= inputCount
    }
    await waitFor(areThere, { what: `${inputCount} logs`, deadlineMs: 120_000, everyMs: 200 })
  }

  it('killed one after the other at random: every log once', async () => {
    const random = createRandom(seed)
    await survive('each', async (services) => {
      for (let time = 0; time < 15; time++) {
        await sleep(1_000 + random() * 2_000)
        await pick(random, services).kill9()
      }
    })
  }, 300_000)

  it('killed all at once, with the broker and ZooKeeper, as in a power cut that spares the disk: every log once', async () => {
    const { broker, zookeeper } = site.kafka
    if (zookeeper === undefined) throw new Error('Expected a ZooKeeper to kill, got a broker without')
    await survive('all', async (services, scene) => {
      for (let time = 1; time <= 2; time++) {
        await awaitInputs(scene, 7_500 * time)
        await Promise.all([...services.map((service) => service.kill9()), broker.kill9(), zookeeper.kill9()])
        await zookeeper.restart()
        await broker.restart()
      }
    })
  }, 300_000)

  it('standing still for 20 s each, one after the other: every log once', async () => {
    await survive('still', async (services) => {
      for (const service of services) {
        const process = service.current()
        process.pause()
        await sleep(20_000)
        process.resume()
        await process.waitForHttp('/ready', 200, 60_000)
      }
    })
  }, 300_000)
})
