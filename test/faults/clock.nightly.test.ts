import { expect, it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { join } from 'node:path'
import { repositoryRoot } from '../support/repository.js'
import { withBroker } from '../support/site.js'
import { superviseService } from '../support/supervisor.js'
import { awaitNextOutput, judgeScene, layOutScene, loadOf, resultsFileOf, startStream } from './scene.js'

const hourMs = 3_600_000
const nodeArguments = ['--import', join(repositoryRoot, 'test', 'faults', 'clock-step.js')]

withBroker('a wall clock that steps under load', {}, (site) => {
  it.each([hourMs, -hourMs])(
    'by %s ms, of both services: event times stay exact, nothing is lost or ended',
    async (stepMs) => {
      const { kafka, oracle } = site
      const scene = await layOutScene(oracle, `step-${stepMs < 0 ? 'back' : 'forth'}`)
      const environment = { ...scene.environment, CLOCK_STEP_MS: String(stepMs), CLOCK_STEP_AFTER_MS: '6000' }
      const services = await Promise.all(
        (['etl', 'reader'] as const).map((service) =>
          superviseService({ service, bootstrap: kafka.bootstrap, environment, nodeArguments }),
        ),
      )
      const [etl, reader] = services
      if (etl === undefined || reader === undefined) throw new Error('Expected two services')
      await etl.current().waitForHttp('/ready', 200)
      const follower = oracle.follow(scene.outputTopic)
      const stream = startStream({ oracle, records: loadOf(scene, 60_000), perSecond: 300 })
      await awaitNextOutput(follower, Date.now())
      await sleep(20_000)
      const ledger = await stream.stop()
      const { unified } = await judgeScene(scene, { follower, ledger, resultsFile: resultsFileOf(reader) })
      const times = unified.map(({ value }) => Number(/"time":(\d+)/.exec(value?.toString() ?? '')?.[1]))
      expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(hourMs / 2)
      for (const service of services) {
        expect(await service.stop()).toEqual({ code: 0, signal: null })
        expect(service.exits).toHaveLength(1)
      }
    },
    180_000,
  )
})
