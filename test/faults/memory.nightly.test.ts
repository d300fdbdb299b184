import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { superviseService } from '../support/supervisor.js'
import { judgeScene, layOutScene, loadOf, openSite, resultsFileOf, startStream, type Site } from './scene.js'

describe('services with hardly any memory', () => {
  let site: Site
  beforeAll(async () => {
    site = await openSite({ heapMb: 160 })
  }, 180_000)
  afterAll(() => site.close(), 60_000)

  it('48 MB of heap and records of 900 kB: whatever ends is started again, nothing is lost or repeated', async () => {
    const { kafka, oracle } = site
    const scene = await layOutScene(oracle, 'memory')
    const nodeArguments = ['--max-old-space-size=48']
    const environment = { ...scene.environment, ETL_INSTANCE: 'one' }
    const etl = await superviseService({ service: 'etl', bootstrap: kafka.bootstrap, environment, nodeArguments })
    const reader = await superviseService({
      service: 'reader',
      bootstrap: kafka.bootstrap,
      environment: scene.environment,
      nodeArguments,
    })
    const padding = 'x'.repeat(900_000)
    const records = loadOf(scene, 200).map((record) =>
      record.badReason === undefined
        ? { ...record, value: record.value?.toString().replace('"message":"', `"message":"${padding}`) ?? null }
        : record,
    )
    const ledger = await startStream({ oracle, records, chunkSize: 5 }).finished
    await judgeScene(scene, { ledger, resultsFile: resultsFileOf(reader), deadlineMs: 180_000 })
    process.stdout.write(
      `ended for want of memory: ETL ${etl.exits.length} times, reader ${reader.exits.length} times\n`,
    )
    expect(await etl.stop()).toEqual({ code: 0, signal: null })
    expect(await reader.stop()).toEqual({ code: 0, signal: null })
  }, 400_000)
})
