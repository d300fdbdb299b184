import { readFile } from 'node:fs/promises'
import { expect, it } from '@jest/globals'
import { sourceOf } from '../support/expected-records.js'
import { writeLoad } from '../support/load-writer.js'
import type { Oracle } from '../support/oracle.js'
import { headerText, type TopicRecord } from '../support/oracle-records.js'
import { parseResults } from '../support/results-csv.js'
import { withSharedBroker } from '../support/site.js'
import { superviseService, type SupervisedService } from '../support/supervisor.js'
import { waitFor } from '../support/wait-for.js'
import { layOutScene, loadOf, resultsFileOf } from './scene.js'

/** What the ETL does while its input is deleted and recreated. */
const schedules = {
  running: { before: () => Promise.resolve(), after: () => Promise.resolve() },
  paused: {
    before: (etl: SupervisedService) => {
      etl.current().pause()
      return Promise.resolve()
    },
    after: (etl: SupervisedService) => {
      etl.current().resume()
      return Promise.resolve()
    },
  },
  killed: { before: (etl: SupervisedService) => etl.kill9(), after: () => Promise.resolve() },
} as const

const markOf = (record: TopicRecord): string | undefined => headerText(record, 'source-topic-id')

const remakeTopic = async (oracle: Oracle, topic: string): Promise<void> => {
  await oracle.deleteTopic(topic)
  const make = async (): Promise<true> => {
    await oracle.createTopics([{ name: topic, partitionCount: 1 }])
    return true
  }
  await waitFor(make, { what: `${topic} to be made again` })
}

withSharedBroker('an input that is deleted and made again, and outgrows the position in the old one', {}, (site) => {
  it.each(['running', 'paused', 'killed'] as const)(
    'is read from its start while the ETL is %s, and its rows are written beside the old ones',
    async (state) => {
      const { kafka, oracle } = site
      const scene = await layOutScene(oracle, `remade-${state}`, 1)
      const { environment, outputTopic } = scene
      const [topic = ''] = scene.inputTopics
      const logs = loadOf(scene, 4_000).filter((record) => record.topic === topic && record.badReason === undefined)
      const [old, fresh] = [logs.slice(0, 300), logs.slice(300, 1_200)]
      await writeLoad({ oracle, records: old })
      const options = { bootstrap: kafka.bootstrap, environment }
      const etl = await superviseService({ ...options, service: 'etl' })
      const reader = await superviseService({ ...options, service: 'reader' })
      const outputs = async (): Promise<readonly TopicRecord[]> =>
        (await oracle.readTopic(outputTopic)).filter((record) => sourceOf(record).startsWith(`${topic}/`))
      await waitFor(async () => (await outputs()).length === old.length, { what: 'the old topic to be handled' })

      await schedules[state].before(etl)
      await remakeTopic(oracle, topic)
      await writeLoad({ oracle, records: fresh })
      await schedules[state].after(etl)

      const total = old.length + fresh.length
      await waitFor(async () => (await outputs()).length >= total, { what: 'the new topic to be handled' })
      const written = await outputs()
      expect(written.slice(0, old.length).map(markOf)).toEqual(old.map(() => undefined))
      const marked = written.slice(old.length)
      expect(new Set(marked.map(markOf)).size).toBe(1)
      expect(marked[0] && markOf(marked[0])).toBeDefined()
      expect(marked.map(sourceOf)).toEqual(fresh.map((_, offset) => `${topic}/0/${offset}`))

      const rows = async (): Promise<number> => parseResults(await readFile(resultsFileOf(reader), 'utf8')).length
      await waitFor(async () => (await rows()) >= total, { what: 'all rows' })
      expect(await rows()).toBe(total)
      await etl.stop()
      expect(await reader.stop()).toEqual({ code: 0, signal: null })
    },
    120_000,
  )
})
