import { createServer } from 'node:net'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { findFreePort } from '@kafka-etl/local/broker'
import { serviceNames, startServiceProcess, type ServiceProcess } from '../support/service-process.js'
import { withBroker } from '../support/site.js'
import { makeTemporaryFolder } from '../support/temporary-folder.js'

const nowhere = '127.0.0.1:1'
const textOf = ({ lines }: ServiceProcess): string => lines.map(({ msg }) => msg).join('\n')
const stopsWell = { code: 0, signal: null }

describe.each(serviceNames)('%s without Kafka', (service) => {
  it('names all faults of its settings at once, and ends with exit code 2', async () => {
    const environment = {
      KAFKA_BROKERS: 'localhost',
      INPUTS: 'a=Europe/Pris',
      LOG_LEVEL: 'loud',
      ETL_LOCAL_TME: 'later',
      KAFKA_WAIT_SECONDS: '0',
      KAFKA_SASL_MECHANISM: 'plain',
      OUTPUT_TOPIC: 'dead_letters',
    }
    const started = await startServiceProcess({ service, bootstrap: nowhere, environment })
    expect(await started.exit).toEqual({ code: 2, signal: null })
    const text = textOf(started)
    expect(text).toMatch(new RegExp(`^${service}: wrong settings\n`))
    for (const fault of [
      /KAFKA_BROKERS: expected host:port, .*, got "localhost"/,
      /INPUTS: expected topic=IANA zone.*"Europe\/Pris" is not an IANA zone, got "a=Europe\/Pris"/,
      /LOG_LEVEL: expected one of trace, .*, got "loud"/,
      /ETL_LOCAL_TME: no such setting; did you mean ETL_LOCAL_TIME\?/,
      /KAFKA_WAIT_SECONDS: expected an integer from 1 to 86400, got "0"/,
      /KAFKA_SASL_MECHANISM: expected scram-sha-256 or scram-sha-512 unless KAFKA_SSL is true, got plain/,
      /KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD: expected both .* got no user name and no password/,
      /DEAD_LETTER_TOPIC: expected another topic than OUTPUT_TOPIC, got dead_letters/,
    ])
      expect(text).toMatch(fault)
  })

  it('reads .env, over which the environment goes, and secrets from files, which no line shows', async () => {
    const folder = await makeTemporaryFolder('env')
    await writeFile(join(folder, 'secret'), 'canary\n')
    const dotenv = `LOG_LEVEL=loud\nOUTPUT_TOPIC=from-file\nKAFKA_SASL_MECHANISM=scram-sha-512\nKAFKA_SASL_PASSWORD_FILE=${join(folder, 'secret')}\n`
    await writeFile(join(folder, '.env'), dotenv)
    const started = await startServiceProcess({
      service,
      bootstrap: nowhere,
      folder,
      environment: { KAFKA_SASL_USERNAME: 'user', KAFKA_WAIT_SECONDS: '1' },
    })
    expect(await started.exit).toEqual({ code: 1, signal: null })
    const starting = started.lines.find(({ msg }) => msg.startsWith('starting'))
    expect(starting?.settings).toMatchObject({
      OUTPUT_TOPIC: 'from-file',
      LOG_LEVEL: 'debug',
      KAFKA_SASL_PASSWORD: '(secret)',
    })
    expect(JSON.stringify(started.lines)).not.toContain('canary')
  })

  it('waits for Kafka as long as told, says so, and gives up with exit code 1', async () => {
    const startedMs = Date.now()
    const started = await startServiceProcess({ service, bootstrap: nowhere, environment: { KAFKA_WAIT_SECONDS: '2' } })
    await started.waitForLine(/^waiting for Kafka at 127\.0\.0\.1:1: /, { deadlineMs: 5_000 })
    await started.waitForHttp('/live', 200)
    await started.waitForHttp('/ready', 503)
    expect(await started.exit).toEqual({ code: 1, signal: null })
    expect(Date.now() - startedMs).toBeLessThan(8_000)
    expect(textOf(started)).toMatch(
      /expected Kafka at 127\.0\.0\.1:1 within 2 s, got: .*; is it running, and is KAFKA_BROKERS right\?/,
    )
  }, 15_000)

  it('stops while it waits for Kafka, with exit code 0', async () => {
    const started = await startServiceProcess({ service, bootstrap: nowhere })
    await started.waitForLine(/^waiting for Kafka/)
    expect(await started.terminate(5_000)).toEqual(stopsWell)
  }, 15_000)

  it('says in one sentence that its HTTP port is taken', async () => {
    const port = await findFreePort()
    const other = createServer().listen(port, '127.0.0.1')
    await once(other, 'listening')
    const started = await startServiceProcess({ service, bootstrap: nowhere, environment: { HTTP_PORT: String(port) } })
    expect(await started.exit).toEqual({ code: 1, signal: null })
    expect(textOf(started)).toContain(
      `HTTP_PORT: expected a free port, got 127.0.0.1:${port}, which is taken; set HTTP_PORT`,
    )
    other.close()
  })
})

withBroker('on a broker', {}, (site) =>
  describe.each(['etl', 'reader'] as const)('%s', (service) => {
    const start = async (): Promise<ServiceProcess> => {
      const started = await startServiceProcess({ service, bootstrap: site.kafka.bootstrap })
      await started.waitForHttp('/ready', 200)
      return started
    }

    it('serves its health and metrics and nothing else, and outlives nonsense', async () => {
      const { httpUrl, terminate } = await start()
      const statusOf = async (path: string, options: RequestInit = {}): Promise<number> =>
        (await fetch(httpUrl + path, options)).status
      expect(await statusOf('/live')).toBe(200)
      expect(await statusOf('/')).toBe(404)
      expect(await statusOf('/ready/x')).toBe(404)
      expect(await statusOf('/metrics', { method: 'POST', body: 'x'.repeat(100_000) })).toBe(405)
      expect(await statusOf('/live', { headers: { long: 'x'.repeat(20_000) } })).toBe(431)
      const metrics = await (await fetch(`${httpUrl}/metrics`)).text()
      expect(metrics).toMatch(/^process_cpu_seconds_total /m)
      expect(metrics).toMatch(new RegExp(`^# TYPE ${service}_[a-z_]+_total counter$`, 'm'))
      expect(await terminate()).toEqual(stopsWell)
    }, 30_000)

    it('stops within 10 s of SIGTERM, and of SIGINT, with exit code 0', async () => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) {
        const started = await start()
        const askedMs = Date.now()
        process.kill(started.pid, signal)
        expect(await started.exit).toEqual(stopsWell)
        expect(Date.now() - askedMs).toBeLessThan(10_000)
        expect(textOf(started)).toMatch(new RegExp(`got ${signal}: finishing what is open\n(.*\n)*stopped$`))
      }
    }, 60_000)

    it('ends at once when it is asked twice while Kafka stands still', async () => {
      const started = await start()
      site.kafka.broker.pause()
      try {
        process.kill(started.pid, 'SIGTERM')
        await started.waitForLine(/got SIGTERM: finishing/)
        process.kill(started.pid, 'SIGTERM')
        const askedMs = Date.now()
        // Code 0 if it was done before the second signal came.
        expect([0, 1]).toContain((await started.exit).code)
        expect(Date.now() - askedMs).toBeLessThan(3_000)
      } finally {
        site.kafka.broker.resume()
      }
    }, 60_000)
  }),
)
