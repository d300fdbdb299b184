import { expect, it } from '@jest/globals'
import { join } from 'node:path'
import type { TopicRecord } from '../support/oracle-records.js'
import { repositoryRoot } from '../support/repository.js'
import { withBroker } from '../support/site.js'
import { superviseService } from '../support/supervisor.js'
import { waitFor } from '../support/wait-for.js'
import { awaitNextOutput, judgeScene, layOutScene, loadOf, resultsFileOf, startStream } from './scene.js'

const hourMs = 3_600_000
const nodeArguments = ['--import', join(repositoryRoot, 'test', 'faults', 'clock-step.js')]

/** The time between the earliest and the latest handling, according to the ETL's outputs. */
const spanMs = (outputs: readonly TopicRecord[]): number => {
  const times = outputs.map(({ value }) => Number(/"time":(\d+)/.exec(value?.toString() ?? '')?.[1]))
  return Math.max(...times) - Math.min(...times)
}

withBroker('a wall clock that steps under load', {}, (site) => {
  it.each([hourMs, -hourMs])(
    'by %s ms, of both services: event times stay exact, nothing is lost or ended',
    async (stepMs) => {
      const { kafka, oracle } = site
      const scene = await layOutScene(oracle, `step-${stepMs < 0 ? 'back' : 'forth'}`)
      const environment = { ...scene.environment, CLOCK_STEP_MS: String(stepMs) }
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
      for (const service of services) process.kill(service.current().pid, 'SIGUSR2')
      const hasStepped = (): boolean => spanMs(follower.records) > hourMs / 2
      await waitFor(hasStepped, { what: 'outputs of before and after the step', deadlineMs: 60_000 })
      const steppedCount = follower.records.length
      await waitFor(() => follower.records.length > steppedCount + 1_000, { what: '1,000 more outputs' })
      const ledger = await stream.stop()
      const { unified } = await judgeScene(scene, { follower, ledger, resultsFile: resultsFileOf(reader) })
      expect(spanMs(unified)).toBeGreaterThan(hourMs / 2)
      for (const service of services) {
        expect(await service.stop()).toEqual({ code: 0, signal: null })
        expect(service.exits).toHaveLength(1)
      }
    },
    180_000,
  )
})
