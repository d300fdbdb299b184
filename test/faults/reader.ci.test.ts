import { readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { startKafka, type TestKafka } from '../support/kafka.js'
import { startOracle, type Oracle } from '../support/oracle.js'
import { assertResultsMatch, parseResults } from '../support/results-csv.js'
import { startServiceProcess, type ServiceProcess } from '../support/service-process.js'
import { mountTmpfs, testWithDisk } from '../support/tmpfs.js'
import { waitFor } from '../support/wait-for.js'

const crashPoints = ['midWrite', 'afterWrite', 'afterSync', 'midSidecar', 'afterRename', 'beforeKafkaCommit'] as const

let kafka: TestKafka
let oracle: Oracle
let testNumber = 0
let topic: string
const folders: string[] = []

const write = async (from: number, to: number, padding = ''): Promise<void> => {
  await oracle.write(
    Array.from({ length: to - from }, (_, index) => from + index).map((index) => ({
      topic,
      partition: index % 2,
      value: `{"timestamp":${1707217879632 + index}.242,"message":"${index}${padding}","time":1707217879944,"diff":1}`,
      headers: [{ name: 'source', value: `timezone${(index % 2) + 1}/0/${index}` }],
    })),
  )
}
const startReader = async (environment: Record<string, string> = {}, folder?: string): Promise<ServiceProcess> => {
  const reader = await startServiceProcess({
    service: 'reader',
    bootstrap: kafka.bootstrap,
    environment: {
      OUTPUT_TOPIC: topic,
      DEAD_LETTER_TOPIC: `${topic}-dead`,
      INPUTS: `${topic}-1=America/New_York,${topic}-2=Europe/Paris`,
      ...environment,
    },
    ...(folder === undefined ? {} : { folder }),
  })
  folders.push(reader.folder)
  return reader
}
const csvOf = (folder: string): Promise<string> => readFile(join(folder, 'results', 'results.csv'), 'utf8')
const waitForRows = (folder: string, count: number): Promise<unknown> =>
  waitFor(async () => (await csvOf(folder)).split('\n').length - 2 >= count, { what: `${count} rows` })
const drain = async (folder?: string): Promise<string> => {
  const reader = await startReader({ READER_FOLLOW: 'false' }, folder)
  expect(await reader.exit).toEqual({ code: 0, signal: null })
  return csvOf(reader.folder)
}

beforeAll(async () => {
  kafka = await startKafka()
  oracle = await startOracle(kafka.bootstrap)
}, 180_000)
afterAll(async () => {
  await oracle.stop()
  await kafka.stop()
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
}, 60_000)
beforeEach(async () => {
  topic = `unified-${++testNumber}`
  await oracle.createTopics([{ name: topic, partitionCount: 2 }])
}, 60_000)

describe('reader, killed', () => {
  it.each(crashPoints)(
    'at reader.%s, twice, loses and repeats no row',
    async (point) => {
      const { folder } = await startReader().then(async (reader) => {
        await reader.waitForHttp('/ready', 200)
        await reader.kill9()
        return reader
      })
      let next = 0
      for (let time = 1; time <= 2; time++) {
        await write(next, (next += 100))
        const reader = await startReader({ CRASH_AT: `reader.${point}:${time}` }, folder)
        // Some points are passed once a batch: batches are sent until the reader is gone.
        await waitFor(
          async () => {
            if (reader.hasEnded()) return true
            await write(next, ++next)
            return false
          },
          { what: `the reader to die at ${point}`, everyMs: 300 },
        )
        expect(await reader.exit).toEqual({ code: null, signal: 'SIGKILL' })
      }
      assertResultsMatch(await drain(folder), await oracle.readTopic(topic))
    },
    90_000,
  )
})

describe('reader, on a full disk', () => {
  testWithDisk(
    'pauses without half a row, is not ready, stays in its group, and goes on when there is space',
    async () => {
      const disk = await mountTmpfs(1)
      const reader = await startReader({ RESULTS_DIR: join(disk.folder, 'results') })
      const padding = 'x'.repeat(500)
      await write(0, 4_000, padding)
      await reader.waitForLine(/paused: no space for results.csv/)
      await reader.waitForHttp('/ready', 503)
      await reader.waitForHttp('/live', 200)
      expect(await reader.metric('reader_paused')).toBe(1)
      const full = await csvOf(disk.folder)
      expect(full.endsWith('\n')).toBe(true)
      expect((await stat(join(disk.folder, 'results', 'results.csv'))).size).toBe(full.length)
      parseResults(full)
      await disk.resize(64)
      await waitForRows(disk.folder, 4_000)
      await reader.waitForHttp('/ready', 200)
      expect(await reader.metric('reader_paused')).toBe(0)
      expect(await reader.metric('reader_rebalances_total')).toBe(1)
      expect(await reader.terminate()).toEqual({ code: 0, signal: null })
      assertResultsMatch(await csvOf(disk.folder), await oracle.readTopic(topic))
      await disk.unmount()
    },
    90_000,
  )

  testWithDisk(
    'stops with exit code 0 when asked to while it is paused, and goes on later',
    async () => {
      const disk = await mountTmpfs(1)
      const resultsDir = join(disk.folder, 'results')
      const reader = await startReader({ RESULTS_DIR: resultsDir })
      await write(0, 4_000, 'x'.repeat(500))
      await reader.waitForLine(/paused: no space for results.csv/)
      expect(await reader.terminate()).toEqual({ code: 0, signal: null })
      await disk.resize(64)
      const later = await startReader({ RESULTS_DIR: resultsDir, READER_FOLLOW: 'false' })
      expect(await later.exit).toEqual({ code: 0, signal: null })
      assertResultsMatch(await csvOf(disk.folder), await oracle.readTopic(topic))
      await disk.unmount()
    },
    90_000,
  )
})
