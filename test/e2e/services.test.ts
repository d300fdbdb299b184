import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { parseResults } from '../support/results-csv.js'
import { startServiceProcess, type ServiceName, type ServiceProcess } from '../support/service-process.js'
import { withBroker } from '../support/site.js'
import { reachVerdict } from '../support/verdict.js'

const inputTopics = ['timezone1', 'timezone2']
const stopsWell = { code: 0, signal: null }

withBroker('the three services on a broker of their own', {}, (site) => {
  let etl: ServiceProcess
  let reader: ServiceProcess

  const start = (
    service: ServiceName,
    environment: Readonly<Record<string, string>> = {},
    folder?: string,
  ): Promise<ServiceProcess> =>
    startServiceProcess({
      service,
      bootstrap: site.kafka.bootstrap,
      environment,
      ...(folder === undefined ? {} : { folder }),
    })

  const produce = async (count: number, rate: number): Promise<void> => {
    const producer = await start('producer', { PRODUCER_COUNT: String(count), PRODUCER_RATE: String(rate) })
    expect(await producer.exit).toEqual(stopsWell)
  }

  /** Compares results.csv, row by row, with the logs in the input topics, as read by the Java client and java.time. */
  const expectEveryRow = async (resultsFile: string, count: number): Promise<void> => {
    const { inputs, deadLetters } = await reachVerdict({ oracle: site.oracle, inputTopics, resultsFile })
    expect(deadLetters).toEqual([])
    const logs = inputs.map(({ value }) => JSON.parse(value?.toString() ?? '') as { date: string; message: string })
    const times = await site.oracle.eventTimes(logs.map(({ date }) => date))
    const expected = logs.map(({ message }, index) => [message, times[index]])
    const rows = parseResults(await readFile(resultsFile, 'utf8')).map(({ message, timestamp }) => [message, timestamp])
    const byMessage = (one: readonly unknown[], other: readonly unknown[]): number => Number(one[0]) - Number(other[0])
    expect(rows.toSorted(byMessage)).toEqual(expected.toSorted(byMessage))
    expect(rows.map(([message]) => Number(message)).toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: count }, (_, index) => index),
    )
    // The seeded choice of zone writes to both topics.
    for (const topic of inputTopics) {
      expect(inputs.filter((input) => input.topic === topic).length).toBeGreaterThan(count / 3)
    }
  }

  const resultsFile = (): string => join(reader.folder, 'results', 'results.csv')

  it('bring each of 300 logs into results.csv once, whichever of them comes first', async () => {
    const started = await Promise.all([start('reader'), start('etl'), produce(300, 0)])
    ;[reader, etl] = started
    await expectEveryRow(resultsFile(), 300)
    await Promise.all([etl.waitForHttp('/ready', 200), reader.waitForHttp('/ready', 200)])
  }, 90_000)

  it('go on after a restart of the reader and the producer, at the pace that they are told', async () => {
    expect(await reader.terminate()).toEqual(stopsWell)
    const before = await readFile(resultsFile(), 'utf8')
    const startedMs = Date.now()
    await produce(400, 50)
    expect(Date.now() - startedMs).toBeGreaterThanOrEqual(1_980)
    reader = await start('reader', {}, reader.folder)
    await expectEveryRow(resultsFile(), 400)
    expect((await readFile(resultsFile(), 'utf8')).startsWith(before)).toBe(true)
  }, 90_000)

  it('give the same rows to a reader that writes what is there and ends', async () => {
    const other = await start('reader', { READER_FOLLOW: 'false' })
    expect(await other.exit).toEqual(stopsWell)
    await expectEveryRow(join(other.folder, 'results', 'results.csv'), 400)
    const rowsOf = async (file: string): Promise<string[]> => (await readFile(file, 'utf8')).split('\n').toSorted()
    expect(await rowsOf(join(other.folder, 'results', 'results.csv'))).toEqual(await rowsOf(resultsFile()))
  }, 90_000)

  it('tell what they do, complain of nothing, and stop on SIGTERM with exit code 0', async () => {
    await etl.waitForLine(/^wrote \d+ records? \(timezone\d: \d+.*\); \d+\/s, lag \d+/)
    expect(await Promise.all([etl.terminate(), reader.terminate()])).toEqual([stopsWell, stopsWell])
    for (const { name, lines } of [etl, reader]) {
      const levels = lines.map(({ level }) => level)
      expect([name, levels.filter((level) => level === 'error' || level === 'fatal')]).toEqual([name, []])
    }
  }, 60_000)
})
