import { expect, it } from '@jest/globals'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom, pick, randomInteger } from '../support/random.js'
import { withBroker } from '../support/site.js'
import { superviseService } from '../support/supervisor.js'
import { judgeScene, layOutScene, loadOf, resultsFileOf, startStream } from './scene.js'
import { seed } from './seed.js'

/** The duration of the soak: `FAULTS_SOAK_MINUTES`, by default 30. */
const minutes = Number(process.env.FAULTS_SOAK_MINUTES ?? 30)
const perSecond = 200

const countFiles = async (pid: number): Promise<number> => (await readdir(`/proc/${pid}/fd`)).length

const residentMb = async (pid: number): Promise<number> =>
  Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024

withBroker('everything, for a long time', { proxies: ['services'], heapMb: 400 }, (site) => {
  it(
    'with faults of every kind at random: nothing lost, repeated or reordered, nothing leaks',
    async () => {
      const { kafka, oracle } = site
      const proxy = kafka.proxy('services')
      const scene = await layOutScene(oracle, 'soak')
      const start = (service: 'etl' | 'reader', own: Readonly<Record<string, string>> = {}) =>
        superviseService({
          service,
          bootstrap: proxy.bootstrap,
          environment: { ...scene.environment, LOG_LEVEL: 'warn', ...own },
        })
      const one = await start('etl', { ETL_INSTANCE: 'one' })
      const two = await start('etl', { ETL_INSTANCE: 'two' })
      const reader = await start('reader')
      const random = createRandom(seed)
      const pauseOf = (service: typeof one) => async () => {
        const process = service.current()
        process.pause()
        await sleep(randomInteger(random, 1_000, 15_000))
        process.resume()
      }
      const faults: Readonly<Record<string, () => Promise<void>>> = {
        'kill one': () => one.kill9(),
        'kill two': () => two.kill9(),
        'kill the reader': () => reader.kill9(),
        'pause one': pauseOf(one),
        'pause two': pauseOf(two),
        'pause the reader': pauseOf(reader),
        'reset connections': async () => {
          proxy.reset()
          await sleep(1_000)
        },
        'swallow everything': async () => {
          proxy.blackhole(pick(random, ['both', 'toBroker', 'toClient']))
          await sleep(randomInteger(random, 1_000, 20_000))
          proxy.restore()
        },
        'lose answers': async () => {
          for (const api of ['produce', 'endTxn', 'txnOffsetCommit', 'initProducerId', 'fetch'] as const) {
            proxy.inject('resetResponse', { api, nth: randomInteger(random, 1, 5) })
          }
          await sleep(3_000)
          proxy.restore()
        },
        'pause the broker': async () => {
          kafka.broker.pause()
          await sleep(randomInteger(random, 1_000, 20_000))
          kafka.broker.resume()
        },
        'kill the broker': async () => {
          await kafka.broker.kill9()
          await sleep(randomInteger(random, 0, 10_000))
          await kafka.broker.restart()
        },
      }
      const follower = oracle.follow(scene.outputTopic)
      const count = Math.ceil(minutes * 60 * perSecond * 1.5)
      const stream = startStream({ oracle, records: loadOf(scene, count), perSecond })
      const endMs = performance.now() + minutes * 60_000
      while (performance.now() < endMs) {
        const name = pick(random, Object.keys(faults))
        process.stdout.write(`${new Date().toISOString()} ${name}\n`)
        await faults[name]?.()
        await sleep(randomInteger(random, 1_000, 10_000))
      }
      const ledger = await stream.stop()
      await judgeScene(scene, { follower, ledger, resultsFile: resultsFileOf(reader), deadlineMs: 180_000 })
      for (const service of [one, two, reader]) {
        const { pid } = service.current()
        expect(await countFiles(pid)).toBeLessThan(100)
        expect(await residentMb(pid)).toBeLessThan(500)
        expect(await service.stop()).toEqual({ code: 0, signal: null })
      }
    },
    minutes * 60_000 + 600_000,
  )
})
