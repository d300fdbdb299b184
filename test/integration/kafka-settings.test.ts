import { expect, it } from '@jest/globals'
import { createCase, newYork } from '../support/service-case.js'
import { startServiceProcess, type ServiceName, type ServiceProcess } from '../support/service-process.js'
import { withSharedBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'
import { writeAll } from './contract-case.js'

withSharedBroker('settings of Kafka', {}, (site) => {
  type Environment = Readonly<Record<string, string>>

  const start = (service: ServiceName, environment: Environment): Promise<ServiceProcess> =>
    startServiceProcess({ service, bootstrap: site.kafka.bootstrap, environment })

  it('ETL_START=latest begins at the end, commits it at once, and loses nothing from there on', async () => {
    const { environment, group, outputTopic } = createCase('latest', [newYork])
    const topic = 'latest-1'
    const write = (from: number, to: number): Promise<void> =>
      writeAll(
        site.oracle,
        Array.from({ length: to - from }, (_, index) => ({
          topic,
          partition: 0,
          value: `{"date":"2024-02-05 10:01:52.884548","message":"${from + index}"}`,
        })),
      )
    await site.oracle.createTopics([{ name: topic, partitionCount: 1 }])
    await write(0, 10)
    const first = await start('etl', { ...environment, ETL_START: 'latest' })
    await first.waitForLine(/latest-1 partition 0: .* begins at the end, offset 10 \(ETL_START\)/)
    await waitFor(async () => (await site.oracle.groupOffsets(group)).some(({ offset }) => offset === 10n), {
      what: 'offset 10 to be committed',
    })
    await first.kill9()
    await write(10, 15)
    const second = await start('etl', { ...environment, ETL_START: 'latest' })
    const readMessages = async (): Promise<readonly string[]> =>
      (await site.oracle.readTopic(outputTopic)).map(
        ({ value }) => (JSON.parse(String(value)) as { message: string }).message,
      )
    await waitFor(async () => (await readMessages()).length >= 5, { what: 'five outputs', deadlineMs: 30_000 })
    await write(15, 16)
    await waitFor(async () => (await readMessages()).length >= 6, { what: 'six outputs' })
    expect(await readMessages()).toEqual(['10', '11', '12', '13', '14', '15'])
    expect(await second.terminate()).toEqual({ code: 0, signal: null })
  }, 60_000)

  it.each(['etl', 'reader'] as const)(
    'KAFKA_SESSION_TIMEOUT_MS outside the limits of the broker ends the %s',
    async (service) => {
      const { environment } = createCase('session', [newYork])
      const ended = await start(service, { ...environment, KAFKA_SESSION_TIMEOUT_MS: '7200000' })
      expect(await ended.exit).toEqual({ code: 2, signal: null })
      expect(ended.lines.map(({ msg }) => msg).join('\n')).toMatch(
        /KAFKA_SESSION_TIMEOUT_MS: expected milliseconds within the limits of the broker .*, got 7200000/,
      )
    },
    60_000,
  )

  it('KAFKA_REPLICATION_FACTOR beyond the number of brokers ends a service', async () => {
    const { environment } = createCase('copies', [newYork])
    const etl = await start('etl', { ...environment, KAFKA_REPLICATION_FACTOR: '3' })
    expect(await etl.exit).toEqual({ code: 2, signal: null })
    expect(etl.lines.map(({ msg }) => msg).join('\n')).toMatch(
      /Kafka refused to create topics: copies-1: .* more copies than there are brokers: set KAFKA_REPLICATION_FACTOR lower/,
    )
  }, 60_000)
})
