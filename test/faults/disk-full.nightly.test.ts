import { expect } from '@jest/globals'
import { join } from 'node:path'
import { answersOnPort } from '../support/answers.js'
import { openSite } from '../support/site.js'
import { superviseService } from '../support/supervisor.js'
import { mountTmpfs, testWithDisk } from '../support/tmpfs.js'
import { waitFor } from '../support/wait-for.js'
import { judgeScene, layOutScene, loadOf, resultsFileOf, startStream } from './scene.js'

testWithDisk(
  'a broker whose disk is full keeps what it acknowledged, and all goes on when it has space and is started again',
  async () => {
    const disk = await mountTmpfs(160)
    // Only the data is on this disk, not the log files of the harness.
    const settings = { 'log.dirs': join(disk.folder, 'kafka'), 'log.segment.bytes': '4194304' }
    const site = await openSite({ settings: { ...settings, 'log.index.size.max.bytes': '65536' } })
    const { kafka, oracle } = site
    const scene = await layOutScene(oracle, 'full', 1)
    const { environment } = scene
    const etl = await superviseService({ service: 'etl', bootstrap: kafka.bootstrap, environment })
    const reader = await superviseService({ service: 'reader', bootstrap: kafka.bootstrap, environment })
    await etl.current().waitForHttp('/ready', 200)
    const padding = 'x'.repeat(2_000)
    const records = loadOf(scene, 60_000).map((record) =>
      record.badReason === undefined
        ? { ...record, value: record.value?.toString().replace('"message":"', `"message":"${padding}`) ?? null }
        : record,
    )
    const stream = startStream({ oracle, records, chunkSize: 100 })
    await waitFor(() => isUnreachable(kafka.port), { what: 'the broker to give up its full disk', deadlineMs: 120_000 })
    await disk.resize(1_500)
    await kafka.broker.kill9()
    await kafka.broker.restart()
    const ledger = await stream.stop()
    await judgeScene(scene, { ledger, resultsFile: resultsFileOf(reader), deadlineMs: 180_000 })
    expect(await reader.stop()).toEqual({ code: 0, signal: null })
    expect(await etl.stop()).toEqual({ code: 0, signal: null })
    await site.close()
    await disk.unmount()
  },
  600_000,
)

const isUnreachable = async (port: number): Promise<boolean> => !(await answersOnPort(port))
