import { expect, it } from '@jest/globals'
import { withBroker } from '../support/site.js'
import { superviseService, type SupervisedService } from '../support/supervisor.js'
import { waitFor } from '../support/wait-for.js'
import { killAtRandom } from './random-kills.js'
import { awaitNextOutput, judgeScene, layOutScene, loadOf, resultsFileOf, startStream } from './scene.js'

const minute = 60_000

type Plan = {
  readonly name: string
  readonly instances: readonly Readonly<Record<string, string>>[]
  readonly pauseMs: readonly [number, number]
  readonly perSecond: number
  readonly count: number
  readonly isReaderKilled: boolean
}

const plans: readonly Plan[] = [
  {
    name: 'two',
    instances: [{ ETL_INSTANCE: 'a' }, { ETL_INSTANCE: 'b' }],
    pauseMs: [3_000, 8_000],
    perSecond: 500,
    count: 50_000,
    isReaderKilled: false,
  },
  {
    name: 'large-one',
    instances: [{ ETL_INSTANCE: 'a' }],
    pauseMs: [2_000, 5_000],
    perSecond: 3_200,
    count: 200_000,
    isReaderKilled: true,
  },
  {
    name: 'large-two',
    instances: [{ ETL_INSTANCE: 'a' }, { ETL_INSTANCE: 'b' }],
    pauseMs: [2_000, 5_000],
    perSecond: 3_200,
    count: 200_000,
    isReaderKilled: true,
  },
  {
    name: 'large-two-again',
    instances: [{ ETL_INSTANCE: 'a' }, { ETL_INSTANCE: 'b' }],
    pauseMs: [2_000, 5_000],
    perSecond: 3_200,
    count: 200_000,
    isReaderKilled: true,
  },
  { name: 'nameless', instances: [{}], pauseMs: [9_000, 12_000], perSecond: 500, count: 50_000, isReaderKilled: false },
]

withBroker('ETL instances killed with -9 at random for a minute', { heapMb: 400 }, (site) => {
  it.each(plans)(
    '$name: nothing lost, repeated or reordered',
    async (plan) => {
      const { kafka, oracle } = site
      const { instances, pauseMs, isReaderKilled } = plan
      const scene = await layOutScene(oracle, plan.name)
      const start = (
        service: 'etl' | 'reader',
        environment: Readonly<Record<string, string>>,
      ): Promise<SupervisedService> =>
        superviseService({
          service,
          bootstrap: kafka.bootstrap,
          environment: { ...scene.environment, LOG_LEVEL: 'info', ...environment },
        })
      const etls = await Promise.all(instances.map((environment) => start('etl', environment)))
      const reader = await start('reader', {})
      const follower = oracle.follow(scene.outputTopic)
      const stream = startStream({ oracle, records: loadOf(scene, plan.count), perSecond: plan.perSecond })
      const kills = await Promise.all([
        ...etls.map((service, index) => killAtRandom({ service, pauseMs, durationMs: minute, stream: index })),
        isReaderKilled ? killAtRandom({ service: reader, pauseMs, durationMs: minute, stream: 9 }) : 0,
      ])
      const lastKillMs = Date.now()
      const isNamed = instances.every(({ ETL_INSTANCE }) => ETL_INSTANCE !== undefined)
      // Named instances get their place back at once, and make progress although one kill follows another.
      if (isNamed) expect(follower.records.length).toBeGreaterThan((minute / 1_000) * plan.perSecond * 0.5)
      const ledger = await stream.finished
      const { inputs } = await judgeScene(scene, {
        follower,
        ledger,
        resultsFile: resultsFileOf(reader),
        deadlineMs: 120_000,
      })
      expect(inputs).toHaveLength(plan.count)
      process.stdout.write(
        `${plan.name}: killed ${kills.join(' + ')} times, all done ${Date.now() - lastKillMs} ms after the last\n`,
      )
      for (const service of [...etls, reader]) expect(await service.stop()).toEqual({ code: 0, signal: null })
    },
    400_000,
  )

  it.each([[{}], [{ ETL_INSTANCE: 'one' }]])(
    'the next record is committed less than 15 s after each kill, with %o',
    async (own) => {
      const { kafka, oracle } = site
      const scene = await layOutScene(oracle, `recovery-${Object.keys(own).length}`)
      const environment = { ...scene.environment, ...own }
      const etl = await superviseService({ service: 'etl', bootstrap: kafka.bootstrap, environment })
      const follower = oracle.follow(scene.outputTopic)
      const stream = startStream({ oracle, records: loadOf(scene, 100_000), perSecond: 300 })
      const recoveries: number[] = []
      for (let time = 0; time < 5; time++) {
        await waitFor(() => follower.records.length > 0, { what: 'the first outputs' })
        const killedAtMs = Date.now()
        await etl.kill9()
        recoveries.push(await awaitNextOutput(follower, killedAtMs))
      }
      const ledger = await stream.stop()
      await judgeScene(scene, { follower, ledger })
      process.stdout.write(`next committed record after ${recoveries.join(', ')} ms\n`)
      expect(Math.max(...recoveries)).toBeLessThan(15_000)
      expect(await etl.stop()).toEqual({ code: 0, signal: null })
    },
    200_000,
  )
})
