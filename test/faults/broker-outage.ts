import { expect } from '@jest/globals'
import { superviseService } from '../support/supervisor.js'
import type { Site } from '../support/site.js'
import { awaitNextOutput, judgeScene, layOutScene, loadOf, resultsFileOf, startStream, type Scene } from './scene.js'

/**
 * Runs ETL and reader under a load of `perSecond` while `fault` happens. In the end everything has to be there, without
 * any manual restart.
 */
export const surviveOutage = async (
  { kafka, oracle }: Site,
  name: string,
  fault: (scene: Scene) => Promise<void>,
  { perSecond = 400, bootstrap = kafka.bootstrap } = {},
): Promise<Scene> => {
  const scene = await layOutScene(oracle, name)
  const environment = { ...scene.environment, ETL_INSTANCE: 'one' }
  const etl = await superviseService({ service: 'etl', bootstrap, environment })
  const reader = await superviseService({ service: 'reader', bootstrap, environment: scene.environment })
  await Promise.all([etl, reader].map((service) => service.current().waitForHttp('/ready', 200)))
  const follower = oracle.follow(scene.outputTopic)
  const stream = startStream({ oracle, records: loadOf(scene, 100_000), perSecond })
  await awaitNextOutput(follower, Date.now())
  await fault(scene)
  await awaitNextOutput(follower, Date.now(), 120_000)
  const ledger = await stream.stop()
  await judgeScene(scene, { follower, ledger, resultsFile: resultsFileOf(reader), deadlineMs: 120_000 })
  expect(await etl.stop()).toEqual({ code: 0, signal: null })
  expect(await reader.stop()).toEqual({ code: 0, signal: null })
  return scene
}
