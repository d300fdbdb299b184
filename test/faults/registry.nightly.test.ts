import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from '@jest/globals'
import type { RegistrySettings } from '@kafka-etl/common'
import { createRegistryClient, type RegistryClient } from '@kafka-etl/pipeline/registry'
import { isGroupAtEnd } from '../support/cluster-checks.js'
import { sourceOf } from '../support/expected-records.js'
import { assertEachExactlyOnce, assertSameMultiset } from '../support/invariants.js'
import { headerText, type NewRecord } from '../support/oracle-records.js'
import { installPipeline } from '../support/own-pipeline.js'
import { startRegistry, type TestRegistry } from '../support/registry/start-registry.js'
import { startServiceProcess, type ServiceName, type ServiceProcess } from '../support/service-process.js'
import { withBroker } from '../support/site.js'
import { superviseService } from '../support/supervisor.js'
import { waitFor } from '../support/wait-for.js'
import { killAtRandom } from './random-kills.js'
import {
  describeOrder,
  frameOf,
  orderSchema,
  ordersPipeline,
  othersSchema,
  producedCount,
} from './registered-orders.js'

const stopped = { code: 0, signal: null }
const killedForMs = 30_000
const written = ['avro', 'json', 'protobuf'] as const

withBroker('a registry that is not there, or not as it was', { heapMb: 400 }, (site) => {
  let registry: TestRegistry
  let client: RegistryClient
  let settings: RegistrySettings
  beforeAll(async () => {
    registry = await startRegistry({ secure: true })
    settings = {
      registryUrl: registry.url,
      registryUsername: registry.username,
      registryPassword: registry.password,
      registryCaFile: '',
      registryAutoRegister: true,
    }
    client = createRegistryClient(settings)
  }, 400_000)

  const environmentOf = (name: string): Record<string, string> => ({
    PIPELINE: name,
    SCHEMA_REGISTRY_URL: registry.url,
    SCHEMA_REGISTRY_USERNAME: registry.username,
    SCHEMA_REGISTRY_PASSWORD: registry.password,
    ETL_INSTANCE: 'one',
    ETL_STALL_SECONDS: '300',
    PRODUCER_STALL_SECONDS: '300',
    KAFKA_WAIT_SECONDS: '300',
  })

  const install = (service: ServiceName, name: string): Promise<string> =>
    installPipeline(service, name, ordersPipeline(name))

  const registerOthers = (name: string, schema: object): Promise<number> =>
    client.register(`${name}-others-value`, { type: 'AVRO', text: JSON.stringify(schema), references: [] })

  const start = async (
    service: ServiceName,
    name: string,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<ServiceProcess> =>
    startServiceProcess({
      service,
      bootstrap: site.kafka.bootstrap,
      installation: await install(service, name),
      environment: { ...environmentOf(name), ...environment },
    })

  const createOthers = (name: string, partitionCount: number): Promise<void> =>
    site.oracle.createTopics([{ name: `${name}-others`, partitionCount }])

  const write = async (records: readonly NewRecord[]): Promise<void> => {
    const outcomes = await site.oracle.write(records)
    expect(outcomes.filter(({ ok }) => !ok)).toEqual([])
  }

  const ordersOf = async (name: string): Promise<readonly string[]> =>
    (await site.oracle.readTopic(`${name}-orders`)).map(({ value }) => describeOrder(value))

  describe('killed, with the ETL and the producer, while others change their schema', () => {
    it('loses nothing, and makes nothing twice', async () => {
      const name = 'kills'
      await createOthers(name, 1)
      const environment = environmentOf(name)
      const supervise = async (service: ServiceName) =>
        superviseService({
          service,
          bootstrap: site.kafka.bootstrap,
          installation: await install(service, name),
          environment: { ...environment, LOG_LEVEL: 'info' },
        })
      const [producer, etl] = [await supervise('producer'), await supervise('etl')]
      await etl.current().waitForHttp('/ready', 200, 60_000)

      let others = 0
      let areWriting = true
      const writeOthers = async (): Promise<void> => {
        for (let version = 1; areWriting; version++) {
          const schema = othersSchema(version)
          // The registry is killed and restarted meanwhile.
          const id = await waitFor(() => registerOthers(name, schema).catch(() => undefined), {
            what: `version ${version} to be registered`,
            deadlineMs: 120_000,
          })
          const values = Array.from({ length: 50 }, (_, index) => ({
            id: others + index,
            note: String(version),
            [`since${version}`]: index,
          }))
          await write(
            values.map((value) => ({ topic: `${name}-others`, partition: 0, value: frameOf(schema, id, value) })),
          )
          others += values.length
          await sleep(500)
        }
      }
      let registryKills = 0
      const killRegistry = async (): Promise<void> => {
        const endMs = performance.now() + killedForMs
        while (performance.now() < endMs) {
          await sleep(2_000)
          await registry.kill9()
          registryKills++
          await sleep(1_000)
          await registry.restart()
        }
      }
      const othersWritten = writeOthers()
      const kills = await Promise.all([
        killAtRandom({ service: producer, pauseMs: [2_000, 5_000], durationMs: killedForMs, stream: 1 }),
        killAtRandom({ service: etl, pauseMs: [2_000, 5_000], durationMs: killedForMs, stream: 2 }),
        killRegistry(),
      ])
      areWriting = false
      await othersWritten
      expect(await producer.finished).toEqual(stopped)
      const inputTopics = [...written, 'others'].map((format) => `${name}-${format}`)
      await waitFor(() => isGroupAtEnd(site.oracle, `etl-${name}`, inputTopics), {
        what: 'the ETL to handle all records',
        deadlineMs: 120_000,
        everyMs: 200,
      })
      const inputs = (await Promise.all(inputTopics.map((topic) => site.oracle.readTopic(topic)))).flat()
      const orders = await site.oracle.readTopic(`${name}-orders`)
      const deadLetters = await site.oracle.readTopic(`${name}_dead_letters`)
      assertEachExactlyOnce({ inputs, unified: orders, deadLetters })
      expect(deadLetters.map((letter) => headerText(letter, '__etl.errors.message'))).toEqual([])
      const described = orders.map(({ value }) => describeOrder(value))
      const numbers = (format: string, count: number) => Array.from({ length: count }, (_, id) => `${format}/${id}`)
      assertSameMultiset(
        'the orders',
        written.flatMap((format) => numbers(format, producedCount)),
        described.filter((order) => !order.startsWith('others')),
      )
      assertSameMultiset(
        "the others' orders",
        numbers('', others),
        described.filter((order) => order.startsWith('others')).map((order) => order.replace(/^others\d*/, '')),
      )
      // A key's orders are in one partition, and those from one source partition keep their order there.
      const last = new Map<string, bigint>()
      for (const order of orders) {
        const source = sourceOf(order)
        const slash = source.lastIndexOf('/')
        const way = `${source.slice(0, slash)} → ${order.partition}`
        const offset = BigInt(source.slice(slash + 1))
        expect(offset).toBeGreaterThan(last.get(way) ?? -1n)
        last.set(way, offset)
      }
      process.stdout.write(
        `killed: producer ${kills[0]}, ETL ${kills[1]}, registry ${registryKills} times; ${orders.length} orders, ${others / 50} schemas of others: lost 0, twice 0\n`,
      )
      expect(await etl.stop()).toEqual(stopped)
    }, 400_000)
  })

  describe('that does not answer', () => {
    const orderOf = (id: number, schemaId: number, schema: object = orderSchema) =>
      frameOf(schema, schemaId, { id, note: '', since1: 1 })

    it('holds up what needs an unknown id, and nothing else, also before it in the same partition', async () => {
      const name = 'slow'
      await createOthers(name, 2)
      const known = await registerOthers(name, orderSchema)
      const unknown = await registerOthers(name, othersSchema(1))
      const others = (partition: number, value: Buffer): NewRecord => ({ topic: `${name}-others`, partition, value })
      const etl = await start('etl', name)
      await etl.waitForHttp('/ready', 200, 60_000)
      await write([others(0, orderOf(0, known))])
      await waitFor(async () => (await ordersOf(name)).length === 1, { what: 'the known schema' })
      registry.pause()
      try {
        await write([
          ...[1, 2, 3].map((id) => others(0, orderOf(id, known))),
          others(0, orderOf(4, unknown, othersSchema(1))),
          others(0, orderOf(5, known)),
          ...[6, 7].map((id) => others(1, orderOf(id, known))),
        ])
        await waitFor(async () => (await ordersOf(name)).length === 6, { what: 'the orders that are known' })
        // Longer than a request may take.
        await etl.waitForLine(/no answer within 10 s/)
        expect((await ordersOf(name)).toSorted()).toEqual([0, 1, 2, 3, 6, 7].map((id) => `others/${id}`))
        await write([others(1, orderOf(8, known))])
        await waitFor(async () => (await ordersOf(name)).length === 7, { what: 'a further one that is known' })
      } finally {
        registry.resume()
      }
      await waitFor(async () => (await ordersOf(name)).length === 9, {
        what: 'those that had to wait',
        deadlineMs: 60_000,
      })
      expect((await ordersOf(name)).toSorted()).toEqual(Array.from({ length: 9 }, (_, id) => `others/${id}`))
      expect(await site.oracle.readTopic(`${name}_dead_letters`)).toEqual([])
      expect(await etl.terminate()).toEqual(stopped)
    }, 180_000)

    it('ends the ETL with exit code 1 when its patience is over, and the next one goes on where it was', async () => {
      const name = 'patience'
      await createOthers(name, 1)
      // Not the pipeline's own schema, whose id the ETL knows from its start.
      const id = await registerOthers(name, othersSchema(1))
      const etl = await start('etl', name, { ETL_STALL_SECONDS: '10' })
      await etl.waitForHttp('/ready', 200, 60_000)
      registry.pause()
      try {
        await write([{ topic: `${name}-others`, partition: 0, value: orderOf(1, id, othersSchema(1)) }])
        expect(await etl.exit).toEqual({ code: 1, signal: null })
      } finally {
        registry.resume()
      }
      const next = await start('etl', name)
      await waitFor(async () => (await ordersOf(name)).length === 1, { what: 'the order', deadlineMs: 60_000 })
      expect(await next.terminate()).toEqual(stopped)
    }, 180_000)

    it('is waited for at the start', async () => {
      const name = 'start'
      registry.pause()
      const starting = start('etl', name)
      try {
        const waiting = /waiting for the registry, next attempt in/
        await (await starting).waitForLine(waiting, { deadlineMs: 60_000 })
      } finally {
        registry.resume()
      }
      const etl = await starting
      await etl.waitForHttp('/ready', 200, 60_000)
      expect(await etl.terminate()).toEqual(stopped)
    }, 180_000)
  })

  it('lets in nobody with a wrong password: exit code 2, before anything is sent', async () => {
    for (const service of ['producer', 'etl'] as const) {
      const refused = await start(service, 'stranger', { SCHEMA_REGISTRY_PASSWORD: 'wrong' })
      expect(await refused.exit).toEqual({ code: 2, signal: null })
      expect(refused.lines.map(({ msg }) => msg).join('\n')).toMatch(
        /SCHEMA_REGISTRY_USERNAME and SCHEMA_REGISTRY_PASSWORD: expected a user whom the registry lets in, got 401 /,
      )
    }
    for (const format of written) {
      expect(await site.oracle.readTopic(`stranger-${format}`).catch(() => [])).toEqual([])
    }
  }, 120_000)

  describe('with another compatibility mode', () => {
    const base = {
      type: 'record',
      name: 'Order',
      fields: [
        { name: 'id', type: 'long' },
        { name: 'old', type: 'int' },
      ],
    }
    const changes = {
      'a field with a default': [...base.fields, { name: 'more', type: 'int', default: 1 }],
      'a field without a default': [...base.fields, { name: 'more', type: 'int' }],
      'a field less': base.fields.slice(0, 1),
      'a field of another type': [
        { name: 'id', type: 'long' },
        { name: 'old', type: { type: 'array', items: 'int' } },
      ],
    } as const
    const mayFollow: Readonly<Record<string, readonly (keyof typeof changes)[]>> = {
      BACKWARD: ['a field with a default', 'a field less'],
      FORWARD: ['a field with a default', 'a field without a default'],
      FULL: ['a field with a default'],
      NONE: Object.keys(changes) as (keyof typeof changes)[],
    }

    it.each(Object.keys(mayFollow))(
      '%s: it takes what that mode allows, and refuses the rest with 409',
      async (mode) => {
        for (const [change, fields] of Object.entries(changes)) {
          const subject = `${mode}-${change.replaceAll(' ', '-')}-value`
          await client.register(subject, { type: 'AVRO', text: JSON.stringify(base), references: [] })
          await client.setCompatibility(subject, mode)
          const changed = { type: 'AVRO', text: JSON.stringify({ ...base, fields }), references: [] } as const
          const { isCompatible } = await client.checkCompatible(subject, changed)
          const registered = await client.register(subject, changed).then(
            () => 'registered',
            (error: unknown) => String(error).slice(0, 'RegistryRefusal: 409'.length),
          )
          const may = mayFollow[mode]?.includes(change as keyof typeof changes) ?? false
          expect([change, isCompatible, registered]).toEqual([change, may, may ? 'registered' : 'RegistryRefusal: 409'])
        }
      },
      60_000,
    )
  })
})
