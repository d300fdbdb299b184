import { expect, it } from '@jest/globals'
import { startServiceProcess } from '../support/service-process.js'
import { superviseService } from '../support/supervisor.js'
import { assertNothingHangs } from '../support/cluster-checks.js'
import { withSharedBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'
import { judgeScene, layOutScene, loadOf, startStream } from './scene.js'

const stopped = { code: 0, signal: null }

withSharedBroker('services that are asked to stop under load', {}, (site) => {
  it('end the transaction that is open, leave the group at once, and go on later where they were', async () => {
    const { kafka, oracle } = site
    const scene = await layOutScene(oracle, 'stopped')
    const { environment, outputTopic } = scene
    const follower = oracle.follow(outputTopic)
    const stream = startStream({ oracle, records: loadOf(scene, 60_000), perSecond: 1_000 })
    for (let time = 0; time < 3; time++) {
      const before = follower.records.length
      const etl = await startServiceProcess({ service: 'etl', bootstrap: kafka.bootstrap, environment })
      // Without a clean leave this would take the session timeout.
      await waitFor(() => follower.records.length > before, { what: 'the next outputs' })
      expect(await etl.terminate()).toEqual(stopped)
      await assertNothingHangs(oracle, [outputTopic, scene.deadLetterTopic])
    }
    const ledger = await stream.stop()
    const etl = await startServiceProcess({ service: 'etl', bootstrap: kafka.bootstrap, environment })
    await judgeScene(scene, { follower, ledger })
    expect(await etl.terminate()).toEqual(stopped)
  }, 120_000)

  it('a second reader of the same folder is refused, the first one goes on', async () => {
    const { kafka, oracle } = site
    const scene = await layOutScene(oracle, 'double')
    const { environment } = scene
    const etl = await superviseService({ service: 'etl', bootstrap: kafka.bootstrap, environment })
    const first = await superviseService({ service: 'reader', bootstrap: kafka.bootstrap, environment })
    await first.current().waitForHttp('/ready', 200)
    const { folder } = first.current()
    const second = await startServiceProcess({ service: 'reader', bootstrap: kafka.bootstrap, environment, folder })
    expect(await second.exit).toEqual({ code: 1, signal: null })
    await second.waitForLine(/RESULTS_DIR: expected a folder that no other reader uses/)
    const ledger = await startStream({ oracle, records: loadOf(scene, 2_000) }).finished
    await judgeScene(scene, { ledger, resultsFile: `${folder}/results/results.csv` })
    // The lock dies with its process.
    const { pid } = first.current()
    await first.kill9()
    await waitFor(() => first.current().pid !== pid, { what: 'the restart' })
    await first.current().waitForHttp('/ready', 200)
    expect(await first.stop()).toEqual(stopped)
    expect(await etl.stop()).toEqual(stopped)
  }, 120_000)
})
