import { expect, it } from '@jest/globals'
import { serviceNames, startServiceProcess } from '../support/service-process.js'
import { withSharedBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'

/** A marker for every place of a record that may contain somebody's data. */
const canary = 'canary-91c4'
const password = 'canary-password-5d2e'

withSharedBroker('what the services log', {}, (site) => {
  const values = [
    `{"date":"2024-02-05 10:01:52.884548 -0500","message":"${canary}"}`,
    `{"date":"2024-02-05 10:01:52.884548 +0500","message":"${canary}"}`,
    `{"date":"${canary}","message":"${canary}"}`,
    `{"date":"2024-02-05 10:01:52.884548 -0500","${canary}":"x"}`,
    `${canary}\r\n{"level":"info","msg":"${canary}"}\u001b[31m`,
    `{"date":"2024-03-10 02:30:00.000000","message":"${canary}"}`,
  ]

  it.each(['info', 'debug', 'trace'])(
    'holds no payload, key, header or password (LOG_LEVEL=%s)',
    async (level) => {
      const topics = {
        INPUTS: `in-${level}=America/New_York`,
        OUTPUT_TOPIC: `out-${level}`,
        DEAD_LETTER_TOPIC: `dead-${level}`,
      }
      const environment = { ...topics, LOG_LEVEL: level, ETL_GROUP_ID: `etl-${level}`, KAFKA_SASL_PASSWORD: password }
      const rate = { PRODUCER_RATE: '0', PRODUCER_COUNT: '20' }
      const services = await Promise.all(
        serviceNames.map((service) =>
          startServiceProcess({ service, bootstrap: site.kafka.bootstrap, environment: { ...environment, ...rate } }),
        ),
      )
      const [producer, etl, reader] = services
      await producer?.exit
      const headers = [{ name: canary, value: Buffer.from(canary) }]
      await site.oracle.write(
        values.map((value) => ({ topic: `in-${level}`, partition: 0, key: Buffer.from(canary), value, headers })),
      )
      const isDone = async (): Promise<boolean> => (await reader?.metric('reader_rows_written_total')) === 22
      await waitFor(isDone, { what: 'the rows of what could be read' })
      for (const service of [etl, reader]) expect((await service?.terminate())?.code).toBe(0)
      const lines = services.flatMap((service) => service.lines.map((line) => JSON.stringify(line)))
      expect(lines.length).toBeGreaterThan(10)
      expect(lines.filter((line) => line.includes('canary'))).toEqual([])
    },
    90_000,
  )
})
