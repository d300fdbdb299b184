import { expect, it } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import type { NewRecord } from '../support/oracle-records.js'
import { createRandom, pick, randomInteger } from '../support/random.js'
import { assertResultsMatch, parseResults } from '../support/results-csv.js'
import { withSharedBroker } from '../support/site.js'
import { superviseService } from '../support/supervisor.js'
import { waitFor } from '../support/wait-for.js'
import { layOutScene, resultsFileOf, type Scene } from './scene.js'
import { seed } from './seed.js'

const writers = ['writer-0', 'writer-1', 'writer-2'] as const

withSharedBroker('transactions of three writers that overlap on one output partition', {}, (site) => {
  const random = createRandom(seed)
  let next = 0
  const recordsOf = (scene: Scene, writer: string): NewRecord[] =>
    Array.from({ length: randomInteger(random, 1, 40) }, () => ({
      topic: scene.outputTopic,
      partition: 0,
      // Four zero bytes are also the key of an abort marker.
      key: random() < 0.2 ? Buffer.alloc(4) : null,
      value: `{"timestamp":${1707217879632 + next},"message":"${writer}-${next}","time":1707217879944,"diff":1}`,
      headers: [{ name: 'source', value: `${writer}/0/${next++}` }],
    }))

  it('show the reader nothing that was aborted, although it is killed in the middle of them', async () => {
    const { kafka, oracle } = site
    const scene = await layOutScene(oracle, 'leak', 1)
    const { environment } = scene
    const reader = await superviseService({ service: 'reader', bootstrap: kafka.bootstrap, environment })
    await reader.current().waitForHttp('/ready', 200)
    const open = new Set<string>()
    for (let step = 0; step < 120; step++) {
      const writer = pick(random, writers)
      if (open.has(writer) && random() < 0.4) {
        await oracle.endTransaction(writer, random() < 0.5 ? 'abort' : 'commit')
        open.delete(writer)
      } else {
        await oracle.write(recordsOf(scene, writer), { transactionalId: writer })
        open.add(writer)
      }
      if (step % 30 === 29) await reader.kill9()
    }
    for (const writer of open) await oracle.endTransaction(writer, 'commit')
    const committed = await oracle.readTopic(scene.outputTopic)
    const readCsv = (): Promise<string> => readFile(resultsFileOf(reader), 'utf8')
    await waitFor(async () => parseResults(await readCsv()).length >= committed.length, { what: 'every committed row' })
    assertResultsMatch(await readCsv(), committed)
    expect(await reader.stop()).toEqual({ code: 0, signal: null })
  }, 120_000)
})
