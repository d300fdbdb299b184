import { expect, it } from '@jest/globals'
import type { LoadRecord } from '../support/log-generator.js'
import { withBroker } from '../support/site.js'
import { superviseService, type SupervisedService } from '../support/supervisor.js'
import { waitFor } from '../support/wait-for.js'
import { judgeScene, layOutScene, loadOf, resultsFileOf, startStream, type Scene } from './scene.js'

/** Inflates each good record of a load, at the start of its message. */
const inflate = (records: readonly LoadRecord[], messageStart: string): LoadRecord[] =>
  records.map((record) =>
    record.badReason === undefined
      ? { ...record, value: record.value?.toString().replace('"message":"', messageStart) ?? null }
      : record,
  )

/** 900 kB, which take hardly more in a heap. */
const longMessage = `"message":"${'x'.repeat(900_000)}`
/** 900 kB that take about 20 MB in a heap: 300,000 objects. */
const manyObjects = `"objects":[${'{},'.repeat(300_000)}{}],"message":"`

withBroker('services with hardly any memory, on a broker of 160 MB', { heapMb: 160 }, (site) => {
  /** `heapMb`: the heap in MB for the first run, and for all later ones. */
  const start = (
    service: 'etl' | 'reader',
    scene: Scene,
    heapMb: readonly [number, number],
  ): Promise<SupervisedService> =>
    superviseService({
      service,
      bootstrap: site.kafka.bootstrap,
      environment: { ...scene.environment, ...(service === 'etl' ? { ETL_INSTANCE: 'one' } : {}) },
      environmentOf: (run) => ({ NODE_OPTIONS: `--max-old-space-size=${heapMb[run === 1 ? 0 : 1]}` }),
    })

  it('48 MB of heap and records of 900 kB: whatever ends is started again, nothing is lost or repeated', async () => {
    const { oracle } = site
    const scene = await layOutScene(oracle, 'memory')
    const etl = await start('etl', scene, [48, 48])
    const reader = await start('reader', scene, [48, 48])
    const ledger = await startStream({ oracle, records: inflate(loadOf(scene, 200), longMessage), chunkSize: 5 })
      .finished
    await judgeScene(scene, { ledger, resultsFile: resultsFileOf(reader), deadlineMs: 180_000 })
    process.stdout.write(
      `ended for want of memory: ETL ${etl.exits.length} times, reader ${reader.exits.length} times\n`,
    )
    expect(await etl.stop()).toEqual({ code: 0, signal: null })
    expect(await reader.stop()).toEqual({ code: 0, signal: null })
  }, 400_000)

  it('a flood that the ETL does not survive: V8 ends it, it is started again, nothing is lost or repeated', async () => {
    const { oracle } = site
    const scene = await layOutScene(oracle, 'exhausted')
    const etl = await start('etl', scene, [24, 256])
    const reader = await start('reader', scene, [48, 48])
    await etl.current().waitForHttp('/ready', 200)
    const records = loadOf(scene, 300)
    const small = await startStream({ oracle, records: records.slice(0, 200) }).finished
    await judgeScene(scene, { ledger: small, resultsFile: resultsFileOf(reader) })
    expect(etl.exits).toEqual([])

    const large = await startStream({ oracle, records: inflate(records.slice(200), manyObjects), chunkSize: 5 })
      .finished
    await waitFor(() => etl.exits.length > 0, { what: 'the ETL to run out of memory' })
    expect(etl.exits).toEqual([{ code: null, signal: 'SIGABRT' }])
    expect(etl.lines().some(({ msg }) => msg.includes('JavaScript heap out of memory'))).toBe(true)
    const ledger = { acknowledged: [...small.acknowledged, ...large.acknowledged], refused: [] }
    await judgeScene(scene, { ledger, resultsFile: resultsFileOf(reader), deadlineMs: 180_000 })
    expect(await etl.stop()).toEqual({ code: 0, signal: null })
    expect(etl.exits).toHaveLength(2)
    expect(await reader.stop()).toEqual({ code: 0, signal: null })
    expect(reader.exits).toHaveLength(1)
  }, 400_000)
})
