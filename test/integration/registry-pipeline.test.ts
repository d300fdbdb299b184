import { create } from '@bufbuild/protobuf'
import { beforeAll, expect, it } from '@jest/globals'
import { createSystemClock, type RegistrySettings } from '@kafka-etl/common'
import { connectFormats, listSources, type AnyDefinition, type ConnectedDefinition } from '@kafka-etl/pipeline'
import { testPipeline, type PipelineRun } from '@kafka-etl/pipeline/testing'
import { createRegistryClient, type RegistryClient } from '@kafka-etl/pipeline/registry'
import { pipeline as rides } from '../../pipelines/rides/pipeline.js'
import { pipeline } from '../../pipelines/users/pipeline.js'
import { UserSchema } from '../../pipelines/users/user_pb.js'
import { runAdmin } from '../support/admin-process.js'
import { isGroupAtEnd } from '../support/cluster-checks.js'
import { assertSameAsDriver } from '../support/driver-comparison.js'
import { headerText, type TopicRecord } from '../support/oracle-records.js'
import type { Oracle } from '../support/oracle.js'
import { startRegistry, type TestRegistry } from '../support/registry/start-registry.js'
import { startServiceProcess } from '../support/service-process.js'
import { withSharedBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'
import { writeAll } from './contract-case.js'

const robert = { name: 'Robert', favorite_number: 42, favorite_color: 'blue' }

type Place = { readonly bootstrap: string; readonly registryUrl: string }

/** Makes the registry refuse the producer's schema; leaves the subject of `user_json` in the mode NONE. */
const refuseProducer = async (client: RegistryClient, { bootstrap, registryUrl }: Place): Promise<void> => {
  const earlier = { title: 'User', type: 'object', properties: { name: { type: 'integer' } } }
  await client.register('user_json-value', { type: 'JSON', text: JSON.stringify(earlier), references: [] })
  const environment = { PIPELINE: 'users', SCHEMA_REGISTRY_URL: registryUrl }
  const producer = await startServiceProcess({ service: 'producer', bootstrap, environment })
  expect(await producer.exit).toEqual({ code: 2, signal: null })
  expect(producer.lines.map(({ msg }) => msg).join()).toMatch(
    /user_json: expected a schema that is compatible with those of user_json-value, got 409 /,
  )
  await client.setCompatibility('user_json-value', 'NONE')
}

const connect = (definition: AnyDefinition, written: readonly string[], registryUrl: string) =>
  connectFormats({
    definition,
    written,
    settings: settingsOf(registryUrl),
    logger: { info: () => undefined, warn: () => undefined },
    clock: createSystemClock(),
    waitMs: 0,
    stopping: new AbortController().signal,
  })

const settingsOf = (registryUrl: string): RegistrySettings => ({
  registryUrl,
  registryUsername: '',
  registryPassword: '',
  registryCaFile: '',
  registryAutoRegister: true,
})

/** The ends of existing topics, by `topic/partition`. */
const readEnds = async (oracle: Oracle, topics: readonly string[]): Promise<ReadonlyMap<string, bigint>> => {
  const all = await Promise.all(topics.map((topic) => oracle.offsets(topic).catch(() => [])))
  return new Map(
    all.flatMap((offsets, index) =>
      offsets.map(({ partition, highWatermark }) => [`${topics[index]}/${partition}`, highWatermark] as const),
    ),
  )
}

type Shipped = { readonly run: PipelineRun; readonly definition: AnyDefinition; readonly count: string }

const shipped: Readonly<Record<string, Shipped>> = {
  users: { run: testPipeline(pipeline), definition: pipeline.define({}), count: '100' },
  // The zones, and the first of the rides.
  rides: {
    run: testPipeline(rides),
    definition: rides.define({ localTime: 'reject', format: 'both' }),
    count: '600',
  },
}

/** The value of an input's bytes, decoded with the registry's schemas. */
const createToValue =
  ({ definition }: ConnectedDefinition) =>
  ({ topic, value }: TopicRecord): unknown => {
    const alias = listSources(definition).find((source) => source.topic === topic)?.alias ?? ''
    const format = definition.topics[alias]?.value
    const decoded = format?.registered ? format.decode(value) : undefined
    return decoded?.ok ? decoded.value : value
  }

withSharedBroker('the ETL with registered formats', {}, (site) => {
  let registry: TestRegistry
  beforeAll(async () => {
    registry = await startRegistry()
  }, 400_000)

  it('reads what others registered, before and after the registry was away, and sets aside what it cannot', async () => {
    const client = createRegistryClient(settingsOf(registry.url))
    await refuseProducer(client, { bootstrap: site.kafka.bootstrap, registryUrl: registry.url })
    const { definition } = await connect(pipeline.define({}), ['userJson', 'userProtobuf'], registry.url)
    const encode = (alias: string, value: unknown): Buffer => {
      const encoded = definition.topics[alias]?.value.encode(value, { handledAtMs: 0 })
      if (!encoded?.ok || !encoded.bytes) throw new Error(`expected bytes of ${alias}, got none`)
      return encoded.bytes
    }
    const etl = await startServiceProcess({
      service: 'etl',
      bootstrap: site.kafka.bootstrap,
      // On a busy machine, the registry may take longer to start than the default patience.
      environment: { PIPELINE: 'users', SCHEMA_REGISTRY_URL: registry.url, ETL_STALL_SECONDS: '300' },
    })
    await etl.waitForHttp('/ready', 200)
    const send = (topic: string, values: readonly Buffer[]): Promise<void> =>
      writeAll(
        site.oracle,
        values.map((value) => ({ topic, partition: 0, key: null, value })),
      )
    const settle = (): Promise<unknown> =>
      waitFor(() => isGroupAtEnd(site.oracle, 'etl-users', ['user_json', 'user_protobuf']), {
        what: 'the ETL to handle all records',
        deadlineMs: 60_000,
        everyMs: 200,
      })
    const unknown = Buffer.from('0000ffffff7b7d', 'hex')
    await send('user_json', [encode('userJson', robert), Buffer.from('{}'), unknown, encode('userJson', robert)])
    const user = create(UserSchema, { name: 'Ada', favoriteNumber: 7n, favoriteColor: 'red' })
    await send('user_protobuf', [encode('userProtobuf', user)])
    await settle()

    // Another writer's schema in the middle of the stream, while the registry is down.
    const text = JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', title: 'User', type: 'object' })
    const id = await client.register('user_json-value', { type: 'JSON', text, references: [] })
    await registry.kill9()
    const known = encode('userJson', { ...robert, name: 'known' })
    const later = encode('userJson', { ...robert, name: 'later' })
    later.writeInt32BE(id, 1)
    await send('user_json', [known])
    await settle()
    await send('user_json', [later])
    await registry.restart()
    await settle()
    await etl.terminate()

    const users = await site.oracle.readTopic('users')
    const namesOf = users.map(({ value }) => (JSON.parse(value?.toString() ?? '') as { name: string }).name)
    expect(namesOf.toSorted()).toEqual(['Ada', 'Robert', 'Robert', 'known', 'later'])
    const letters = await site.oracle.readTopic('users_dead_letters')
    const audit = await runAdmin(['audit'], {
      bootstrap: site.kafka.bootstrap,
      environment: { PIPELINE: 'users', SCHEMA_REGISTRY_URL: registry.url },
    })
    expect([audit.code, audit.stdout]).toEqual([
      0,
      expect.stringContaining('nothing different from what the steps make'),
    ])
    expect(letters.map((letter) => headerText(letter, '__etl.errors.reason'))).toEqual([
      'value_not_framed',
      'schema_unknown',
    ])
  }, 400_000)

  it.each(Object.entries(shipped))(
    'makes of the sample of %s what the driver makes of it',
    async (name, { run, definition, count }) => {
      const { oracle, kafka } = site
      const sources = listSources(definition)
      const topics = sources.map(({ topic }) => topic)
      const before = await readEnds(oracle, topics)
      const environment = { PIPELINE: name, SCHEMA_REGISTRY_URL: registry.url }
      const start = (service: 'etl' | 'producer', own: Readonly<Record<string, string>> = {}) =>
        startServiceProcess({ service, bootstrap: kafka.bootstrap, environment: { ...environment, ...own } })
      const [etl, producer] = await Promise.all([
        start('etl'),
        start('producer', { PRODUCER_RATE: '0', PRODUCER_COUNT: count }),
      ])
      expect(await producer.exit).toEqual({ code: 0, signal: null })
      await waitFor(() => isGroupAtEnd(oracle, `etl-${name}`, topics), {
        what: 'all records to be handled',
        deadlineMs: 60_000,
      })
      await etl.terminate()
      const written = sources.map(({ alias }) => alias)
      const toSent = createToValue(await connect(definition, written, registry.url))
      await assertSameAsDriver({ oracle, definition, deadLetterTopic: `${name}_dead_letters`, run, before, toSent })
    },
    120_000,
  )
})
