import { create } from '@bufbuild/protobuf'
import { expect, it } from '@jest/globals'
import { createSystemClock, type RegistrySettings } from '@kafka-etl/common'
import { connectFormats } from '@kafka-etl/pipeline'
import { createRegistryClient, type RegistryClient } from '@kafka-etl/pipeline/registry'
import { pipeline } from '../../pipelines/users/pipeline.js'
import { UserSchema } from '../../pipelines/users/user_pb.js'
import { runAdmin } from '../support/admin-process.js'
import { isGroupAtEnd } from '../support/cluster-checks.js'
import { headerText } from '../support/oracle-records.js'
import { startRegistry } from '../support/registry/start-registry.js'
import { startServiceProcess } from '../support/service-process.js'
import { withSharedBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'
import { writeAll } from './contract-case.js'

const robert = { name: 'Robert', favorite_number: 42, favorite_color: 'blue' }

type Place = { readonly bootstrap: string; readonly registryUrl: string }

/** Leaves the subject of `user_json` in the mode NONE. */
const refuseProducer = async (client: RegistryClient, { bootstrap, registryUrl }: Place): Promise<void> => {
  const earlier = { title: 'User', type: 'object', properties: { name: { type: 'integer' } } }
  await client.register('user_json-value', { type: 'JSON', text: JSON.stringify(earlier), references: [] })
  const environment = { PIPELINE: 'users', SCHEMA_REGISTRY_URL: registryUrl }
  const producer = await startServiceProcess({ service: 'producer', bootstrap, environment })
  expect(await producer.exit).toEqual({ code: 2, signal: null })
  expect(producer.lines.map(({ msg }) => msg).join()).toMatch(
    /user_json: expected a schema that may follow those of user_json-value, got 409 /,
  )
  await client.setCompatibility('user_json-value', 'NONE')
}

withSharedBroker('the ETL with registered formats', {}, (site) => {
  it('reads what others registered, before and after the registry was away, and sets aside what it cannot', async () => {
    const registry = await startRegistry()
    const settings: RegistrySettings = {
      registryUrl: registry.url,
      registryUsername: '',
      registryPassword: '',
      registryCaFile: '',
      registryAutoRegister: true,
    }
    const client = createRegistryClient(settings)
    await refuseProducer(client, { bootstrap: site.kafka.bootstrap, registryUrl: registry.url })
    const { definition } = await connectFormats({
      definition: pipeline.define({}),
      written: ['userJson', 'userProtobuf'],
      settings,
      logger: { info: () => undefined, warn: () => undefined },
      clock: createSystemClock(),
      waitMs: 0,
      stopping: new AbortController().signal,
    })
    const encode = (alias: string, value: unknown): Buffer => {
      const encoded = definition.topics[alias]?.value.encode(value, { handledAtMs: 0 })
      if (!encoded?.ok || !encoded.bytes) throw new Error(`expected bytes of ${alias}, got none`)
      return encoded.bytes
    }
    const etl = await startServiceProcess({
      service: 'etl',
      bootstrap: site.kafka.bootstrap,
      // The registry's start may take longer than the usual patience, on a busy machine.
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

    // Another writer's schema in mid-stream, while the registry is away.
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
    expect([audit.code, audit.stdout]).toEqual([0, expect.stringContaining('nothing other than the steps make')])
    expect(letters.map((letter) => headerText(letter, '__etl.errors.reason'))).toEqual([
      'value_not_framed',
      'schema_unknown',
    ])
  }, 400_000)
})
