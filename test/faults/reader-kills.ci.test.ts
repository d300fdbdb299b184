import { expect, it } from '@jest/globals'
import { withSharedBroker } from '../support/site.js'
import { superviseService } from '../support/supervisor.js'
import { killAtRandom } from './random-kills.js'
import { judgeScene, layOutScene, loadOf, resultsFileOf, startStream } from './scene.js'

const durationMs = 30_000

withSharedBroker('the reader, killed every 1 to 3 s for 30 s while records keep coming', {}, (site) => {
  it('has every committed row once and in order', async () => {
    const { kafka, oracle } = site
    const scene = await layOutScene(oracle, 'reader-kills')
    const { environment } = scene
    const etl = await superviseService({ service: 'etl', bootstrap: kafka.bootstrap, environment })
    const reader = await superviseService({ service: 'reader', bootstrap: kafka.bootstrap, environment })
    await etl.current().waitForHttp('/ready', 200)
    const records = loadOf(scene, Math.ceil((durationMs / 1_000) * 1_500))
    const stream = startStream({ oracle, records, perSecond: 1_000 })
    const kills = await killAtRandom({ service: reader, pauseMs: [1_000, 3_000], durationMs, stream: 1 })
    const ledger = await stream.stop()
    await judgeScene(scene, { ledger, resultsFile: resultsFileOf(reader) })
    expect(kills).toBeGreaterThan(durationMs / 5_000)
    expect(await reader.stop()).toEqual({ code: 0, signal: null })
    expect(await etl.stop()).toEqual({ code: 0, signal: null })
  }, 180_000)
})
