import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { planFolders } from '../src/folders.js'
import { kindOf, planBroker, planEtlPorts, planServices } from '../src/part.js'
import { loadStackSettings, type StackSettings } from '../src/stack-settings.js'

const settingsOf = (environment: Record<string, string>): StackSettings => {
  const loaded = loadStackSettings(environment)
  if (!loaded.ok) throw new Error(loaded.faults.join())
  return loaded.settings
}

describe('planServices', () => {
  const settings = settingsOf({ KAFKA_PORT: '19092', ETL: '2', RESULTS_DIR: '/rows' })
  const parts = planServices('/bin/node', planFolders('/repository', settings), settings, {
    etlPorts: [9_465, 9_467],
    pipeline: 'noaa',
  })

  it('gives each service its own port, its broker, and the reader its folder', () => {
    expect(parts.map(({ name, environment }) => [name, environment])).toEqual([
      ['reader', { KAFKA_BROKERS: 'localhost:19092', HTTP_PORT: '9466', PIPELINE: 'noaa', RESULTS_DIR: '/rows' }],
      ['etl-1', { KAFKA_BROKERS: 'localhost:19092', HTTP_PORT: '9465', PIPELINE: 'noaa', ETL_INSTANCE: 'etl-1' }],
      ['etl-2', { KAFKA_BROKERS: 'localhost:19092', HTTP_PORT: '9467', PIPELINE: 'noaa', ETL_INSTANCE: 'etl-2' }],
      ['producer', { KAFKA_BROKERS: 'localhost:19092', HTTP_PORT: '9464', PIPELINE: 'noaa' }],
      [
        'console',
        {
          KAFKA_BROKERS: 'localhost:19092',
          HTTP_PORT: '9480',
          PIPELINE: 'noaa',
          CONSOLE_SERVICES:
            'producer=http://127.0.0.1:9464,etl-1=http://127.0.0.1:9465,etl-2=http://127.0.0.1:9467,reader=http://127.0.0.1:9466',
        },
      ],
    ])
  })

  it("hands out the address of the stack's registry", () => {
    const withRegistry = planServices('/bin/node', planFolders('/repository', settings), settings, {
      etlPorts: [9_465],
      pipeline: 'users',
      registry: { SCHEMA_REGISTRY_URL: 'http://127.0.0.1:8085/apis/ccompat/v7' },
    })
    expect(withRegistry.map(({ name, environment }) => [name, environment.SCHEMA_REGISTRY_URL])).toEqual(
      ['reader', 'etl-1', 'producer', 'console'].map((name) => [name, 'http://127.0.0.1:8085/apis/ccompat/v7']),
    )
  })

  it('leaves the console out if it is told so', () => {
    const without = planServices(
      '/bin/node',
      planFolders('/repository', settings),
      { ...settings, console: false },
      { etlPorts: [9_465], pipeline: 'noaa' },
    )
    expect(without.map(({ name }) => name)).toEqual(['reader', 'etl-1', 'producer'])
  })

  it('lets only the producer have an end', () => {
    expect(parts.filter(({ hasEnd }) => hasEnd).map(({ name }) => name)).toEqual(['producer'])
  })
})

describe('planBroker', () => {
  it('puts ZooKeeper and Kafka on their ports', () => {
    const settings = settingsOf({ DATA_DIR: 'elsewhere' })
    const parts = planBroker(planFolders('/repository', settings), settings)
    expect(parts.map(({ name, port, portSetting }) => [name, port, portSetting])).toEqual([
      ['zookeeper', 22_181, 'ZOOKEEPER_PORT'],
      ['kafka', 29_092, 'KAFKA_PORT'],
    ])
    expect(parts[1]?.workingFolder).toBe('/repository/elsewhere')
  })
})

describe('planBroker with a ZooKeeper that asks', () => {
  it('goes on asking without SECURE: the nodes that it has belong to Kafka', () => {
    const data = mkdtempSync(join(tmpdir(), 'part-'))
    const settings = settingsOf({ DATA_DIR: data })
    const jaasOf = (): (string | undefined)[] =>
      planBroker(planFolders('/repository', settings), settings).map(({ args }) =>
        args.find((arg) => arg.startsWith('-Djava.security.auth.login.config=')),
      )
    expect(jaasOf()).toEqual([undefined, undefined])
    mkdirSync(join(data, 'secure'))
    writeFileSync(join(data, 'secure', 'zookeeper-server.jaas'), '')
    expect(jaasOf()).toEqual([
      '-Djava.security.auth.login.config=secure/zookeeper-server.jaas',
      '-Djava.security.auth.login.config=secure/zookeeper-client.jaas',
    ])
    rmSync(data, { recursive: true })
  })
})

describe('planEtlPorts', () => {
  it('takes the next ports that nobody has, past the other parts', async () => {
    const settings = settingsOf({ ETL: '3' })
    const ports = await planEtlPorts(settings, (_, port) => Promise.resolve(port !== 9_468))
    expect(ports).toEqual([9_465, 9_467, 9_469])
  })
})

describe('kindOf', () => {
  it('drops the number of an instance', () => {
    expect(['etl-12', 'reader'].map(kindOf)).toEqual(['etl', 'reader'])
  })
})
