import { readFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { listAccessRules, type AccessRule } from '@kafka-etl/common'
import { serviceNames, startServiceProcess, type ServiceName, type ServiceProcess } from '../support/service-process.js'
import { grant, startSecureKafka, type SecureKafka } from '../support/secure-kafka.js'
import { parseResults } from '../support/results-csv.js'

const names = {
  inputs: [
    { topic: 'timezone1', zone: 'America/New_York' },
    { topic: 'timezone2', zone: 'Europe/Paris' },
  ],
  outputTopic: 'unified_timestamps',
  deadLetterTopic: 'dead_letters',
  groupId: 'etl',
}

describe('the services on a broker with TLS, SCRAM and ACLs', () => {
  let secure: SecureKafka
  const printed: string[] = []
  beforeAll(async () => {
    secure = await startSecureKafka()
    await secure.asAdmin((admin) =>
      admin.createTopics({
        waitForLeaders: true,
        topics: [
          ...names.inputs.map(({ topic }) => ({ topic, numPartitions: 1 })),
          ...[names.outputTopic, names.deadLetterTopic].map((topic) => ({ topic, numPartitions: 2 })),
        ],
      }),
    )
    await grant(secure, listAccessRules(names))
  }, 180_000)
  afterAll(() => secure.stop(), 60_000)

  const start = async (
    service: ServiceName,
    environment: Readonly<Record<string, string>> = {},
    bootstrap = secure.bootstrap,
  ): Promise<ServiceProcess> => {
    const started = await startServiceProcess({
      service,
      bootstrap,
      environment: { KAFKA_WAIT_SECONDS: '20', LOG_LEVEL: 'trace', ...secure.environmentOf(service), ...environment },
    })
    void started.exit.then(() => printed.push(...started.lines.map((line) => JSON.stringify(line))))
    return started
  }

  it('run from end to end with their ACLs', async () => {
    const etl = await start('etl')
    await etl.waitForHttp('/ready', 200)
    const producer = await start('producer', { PRODUCER_RATE: '0', PRODUCER_COUNT: '500' })
    expect(await producer.exit).toEqual({ code: 0, signal: null })
    const again = await start('producer', { PRODUCER_RATE: '0', PRODUCER_COUNT: '600' })
    expect(await again.exit).toEqual({ code: 0, signal: null })
    await etl.waitForLine(/"lag":0/)
    const folder = await mkdtemp(join(tmpdir(), 'kafka-etl-secure-results-'))
    const reader = await start('reader', { READER_FOLLOW: 'false', RESULTS_DIR: folder })
    expect(await reader.exit).toEqual({ code: 0, signal: null })
    const rows = parseResults(readFileSync(join(folder, 'results.csv'), 'utf8'))
    expect(rows.map(({ message }) => Number(message)).toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: 600 }, (_, index) => index),
    )
    expect((await etl.terminate()).code).toBe(0)
    for (const service of [etl, producer, again, reader]) {
      expect(service.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([])
    }
  }, 120_000)
})
