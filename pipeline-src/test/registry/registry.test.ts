import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createSystemClock, SettingsError, type RegistrySettings } from '@kafka-etl/common'
import { avro, connectFormats, definePipeline, json, jsonSchema, protobuf, Type } from '../../src/index.js'
import {
  createRegistryClient,
  createSchemaStore,
  RegistryRefusal,
  RegistryUnavailable,
} from '../../src/registry/index.js'
import { writeFrame } from '../../src/schemas/wire-frame.js'
import type { RegisteredSchema } from '../../src/schemas/registered-schema.js'
import { createRandom } from '../../../test/support/random.js'
import { file_sample, FirstSchema } from '../schemas/sample_pb.js'
import { startFakeRegistry, type FakeRegistry } from './fake-registry.js'

let registry: FakeRegistry
beforeEach(async () => {
  registry = await startFakeRegistry('me:secret')
})
afterEach(() => registry.close())

const text: RegisteredSchema = { type: 'AVRO', text: '"string"', references: [] }
const garbage = Buffer.from('garbage')
const log = { info: () => undefined, warn: () => undefined }

describe('a registry client', () => {
  it('registers a schema once, finds it, and fetches it by its id', async () => {
    const client = createRegistryClient(registry.settings)
    expect(await client.findId('a b/c', text)).toBeUndefined()
    const id = await client.register('a b/c', text)
    expect([await client.findId('a b/c', text), await client.register('a b/c', text)]).toEqual([id, id])
    expect(await client.fetchSchema(id)).toEqual(text)
    expect(await client.fetchSchema(99)).toBeUndefined()
    expect(await client.listSubjects()).toEqual(['a b/c'])
    expect(await client.fetchLatest('a b/c')).toEqual({ id, version: 1, schema: text })
    expect(await client.fetchLatest('b')).toBeUndefined()
  })

  it('registers the schemas that one names before it, and fetches them with it', async () => {
    const client = createRegistryClient(registry.settings)
    const own = protobuf(file_sample, FirstSchema).registered?.own
    if (!own) throw new Error('expected a registered format')
    const id = await client.register('orders-value', own)
    expect(await client.findId('orders-value', own)).toBe(id)
    expect(await client.fetchSchema(id)).toEqual(own)
    expect(await client.listSubjects()).toEqual(['sample_common.proto', 'orders-value'])
  })

  it('says if a schema may follow, and sets the mode', async () => {
    const client = createRegistryClient(registry.settings)
    expect(await client.checkCompatible('a', text)).toEqual({ isCompatible: true, messages: [] })
    await client.register('a', text)
    expect(await client.checkCompatible('a', { ...text, text: 'incompatible' })).toEqual({
      isCompatible: false,
      messages: ['no'],
    })
    await client.setCompatibility('a', 'FULL')
    expect(await client.fetchCompatibility('a')).toBe('BACKWARD')
  })

  it('tells apart what asking again may mend', async () => {
    const client = createRegistryClient(registry.settings)
    await client.register('a', text)
    await expect(client.register('a', { ...text, text: 'incompatible' })).rejects.toThrow(
      new RegistryRefusal(
        409,
        `409 Schema being registered is incompatible (POST ${registry.settings.registryUrl}/subjects/a/versions)`,
      ),
    )
    registry.answerWith(503)
    await expect(client.fetchSchema(1)).rejects.toThrow(RegistryUnavailable)
    registry.answerWith(undefined)
    const stranger = createRegistryClient({ ...registry.settings, registryPassword: 'wrong' })
    await expect(stranger.fetchSchema(1)).rejects.toThrow(SettingsError)
    await registry.close()
    await expect(client.fetchSchema(1)).rejects.toThrow(RegistryUnavailable)
  })
})

describe('the store of schemas', () => {
  const createStore = (ids: readonly number[], nowMs: () => number = () => 0, highest?: number) => {
    const asked: number[] = []
    let askedForHighest = 0
    let atOnce = 0
    let mostAtOnce = 0
    const store = createSchemaStore({
      monotonicMs: nowMs,
      fetchHighestId: () => {
        askedForHighest++
        return Promise.resolve(highest)
      },
      fetchSchema: async (id) => {
        asked.push(id)
        mostAtOnce = Math.max(mostAtOnce, ++atOnce)
        await Promise.resolve()
        atOnce--
        return ids.includes(id) ? text : undefined
      },
    })
    return { store, asked, mostAtOnce: () => mostAtOnce, askedForHighest: () => askedForHighest }
  }

  it('asks for each id once, a few at a time, whoever needs it', async () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => index + 1)
    const { store, asked, mostAtOnce } = createStore(ids)
    await Promise.all([store.prepare(ids), store.prepare(ids.toReversed())])
    expect(asked.toSorted((a, b) => a - b)).toEqual(ids)
    expect(mostAtOnce()).toBe(4)
    expect(store.prepare(ids)).toBeUndefined()
    expect(store.get(7)).toBe(text)
    expect(store.get(2_000)).toBeUndefined()
  })

  it('asks again for one that does not exist, after a while', async () => {
    let now = 0
    const { store, asked } = createStore([], () => now)
    await store.prepare([5, 5, 0, -1])
    expect(store.prepare([5])).toBeUndefined()
    expect([store.get(5), store.get(0), store.get(-1)]).toEqual(['missing', 'missing', 'missing'])
    now = 30_000
    expect(store.get(5)).toBe('missing')
    await store.prepare([5])
    expect(asked).toEqual([5, 5])
  })

  it('keeps no more garbage than a bounded number', async () => {
    const { store } = createStore([])
    await store.prepare(Array.from({ length: 70_000 }, (_, index) => index + 1))
    // Requested ids count as missing, although the store has forgotten them.
    expect([store.get(1), store.get(70_000)]).toEqual(['missing', 'missing'])
  })

  it('asks for the highest id, not for each, when garbage names ids without end', async () => {
    let now = 0
    const { store, asked, askedForHighest } = createStore([7, 60], () => now, 50)
    const random = createRandom(1)
    const garbage = Array.from({ length: 20_000 }, () => 1_000 + Math.floor(random() * 2 ** 30))
    for (const id of garbage) await store.prepare([id])
    expect([asked.length, askedForHighest()]).toEqual([64, 1])
    expect(garbage.map(store.get)).toEqual(garbage.map(() => 'missing'))
    // Only ids that exist, or may have been registered since, are requested.
    await store.prepare([...garbage, 7, 60, 150])
    expect([store.get(7), store.get(60), store.get(150)]).toEqual([text, text, 'missing'])
    expect(asked.slice(64)).toEqual([7, 60, 150])
    now = 30_000
    await store.prepare([200_000])
    expect(asked.at(-1)).toBe(200_000)
  })

  it('goes by the highest id at once when a batch names many new ones', async () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => index + 1)
    const { store, asked } = createStore(ids, () => 0, 1_000)
    await store.prepare([...ids, ...ids.map((id) => id + 5_000)])
    expect(asked.toSorted((a, b) => a - b)).toEqual(ids)
    expect([store.get(1_000), store.get(5_001)]).toEqual([text, 'missing'])
  })

  it('does not ask for what is known from the start', () => {
    const store = createSchemaStore({
      monotonicMs: () => 0,
      fetchHighestId: () => Promise.resolve(undefined),
      fetchSchema: () => Promise.reject(new Error('asked')),
      registered: new Map([[3, text]]),
    })
    expect(store.get(3)).toBe(text)
    expect(store.prepare([3])).toBeUndefined()
  })

  it('keeps no failure', async () => {
    let isDown = true
    const store = createSchemaStore({
      monotonicMs: () => 0,
      fetchHighestId: () => Promise.resolve(undefined),
      fetchSchema: () => (isDown ? Promise.reject(new Error('down')) : Promise.resolve(text)),
    })
    await expect(store.prepare([1])).rejects.toThrow('down')
    isDown = false
    await store.prepare([1])
    expect(store.get(1)).toBe(text)
  })
})

describe('a pipeline with registered formats', () => {
  const User = Type.Object({ name: Type.String() })
  const pipeline = (schema = User) =>
    definePipeline({
      name: 'users',
      topics: {
        input: { name: 'in', value: avro('string') },
        users: { name: 'users', value: jsonSchema(schema) },
        plain: { name: 'plain', value: json(User) },
      },
      steps: { input: ({ value }, { to }) => to.users({ name: value }) },
    }).define({})
  const connect = (definition = pipeline(), settings: Partial<RegistrySettings> = {}) =>
    connectFormats({
      definition,
      written: ['users', 'plain'],
      settings: { ...registry.settings, ...settings },
      logger: log,
      clock: createSystemClock(),
      waitMs: 0,
      stopping: new AbortController().signal,
    })

  it('registers what it writes, and reads what is prepared', async () => {
    const client = createRegistryClient(registry.settings)
    const inputId = await client.register('in-value', text)
    const { definition, prepareOf } = await connect()
    const prepare = prepareOf('input')
    expect(await client.listSubjects()).toEqual(['in-value', 'users-value'])
    const value = writeFrame(inputId, Buffer.from([2, 0x61]))
    const garbage = writeFrame(77, Buffer.from([2, 0x61]))
    await prepare?.([value, null, garbage, Buffer.from('x')])
    const asked = registry.requests.length
    expect(definition.topics.input?.value.decode(value)).toEqual({ ok: true, value: 'a' })
    expect(definition.topics.input?.value.decode(garbage)).toMatchObject({ reason: 'schema_unknown' })
    expect([prepare?.([value, garbage]), prepareOf('plain')]).toEqual([undefined, undefined])
    expect(registry.requests).toHaveLength(asked)
    const written = definition.topics.users?.value.encode({ name: 'a' }, { handledAtMs: 0 })
    expect(written).toEqual({ ok: true, bytes: writeFrame(2, Buffer.from('{"name":"a"}')) })
  })

  it('registers the formats of keys, and reads keys as it reads values', async () => {
    const key = avro('long')
    const { define } = definePipeline({
      name: 'keyed',
      topics: { users: { name: 'users', value: json(User), keyFormat: key, key: ({ name }) => BigInt(name.length) } },
      steps: { users: ({ value }, { to }) => to.users(value) },
    })
    const { definition, prepareOf } = await connectFormats({
      definition: define({}),
      written: ['users'],
      settings: registry.settings,
      logger: log,
      clock: createSystemClock(),
      waitMs: 0,
      stopping: new AbortController().signal,
    })
    const client = createRegistryClient(registry.settings)
    expect(await client.listSubjects()).toEqual(['users-key'])
    const { keyFormat } = definition.topics.users ?? {}
    expect(keyFormat?.encode(3n, { handledAtMs: 0 })).toEqual({ ok: true, bytes: writeFrame(1, Buffer.from([6])) })
    // Another writer with a narrower type.
    const id = await client.register('users-key', { ...text, text: '"int"' })
    const foreign = writeFrame(id, Buffer.from([8]))
    await prepareOf('users')?.([foreign])
    expect(keyFormat?.decode(foreign)).toEqual({ ok: true, value: 4n })
  })

  it('reads 1,000 writers, one a record, and garbage ids faster than they come, with few requests', async () => {
    const client = createRegistryClient(registry.settings)
    const ids: number[] = []
    for (let version = 0; version < 1_000; version++) {
      ids.push(await client.register('in-value', { ...text, text: JSON.stringify({ type: 'string', version }) }))
    }
    const { definition, prepareOf } = await connect()
    const read = async (values: readonly Buffer[]): Promise<readonly string[]> => {
      await prepareOf('input')?.(values)
      const decoded = values.map((value) => definition.topics.input?.value.decode(value))
      return decoded.map((each) => (each?.ok ? 'read' : String(each?.reason)))
    }
    const before = registry.requests.length
    expect(new Set(await read(ids.map((id) => writeFrame(id, Buffer.from([2, 0x61])))))).toEqual(new Set(['read']))
    const forWriters = registry.requests.length - before
    expect(forWriters).toBeLessThan(1_010)

    const random = createRandom(1)
    const startedMs = performance.now()
    let rejected = 0
    for (let batch = 0; batch < 200; batch++) {
      const values = Array.from({ length: 500 }, () => writeFrame(5_000 + Math.floor(random() * 2 ** 30), garbage))
      rejected += (await read(values)).filter((reason) => reason === 'schema_unknown').length
    }
    expect(rejected).toBe(100_000)
    expect(performance.now() - startedMs).toBeLessThan(5_000)
    expect(registry.requests.length - before - forWriters).toBeLessThan(10)
  }, 30_000)

  it("is refused with the registry's 409 if its schema may not follow", async () => {
    await connect()
    const incompatible = Type.Object({ name: Type.String() }, { title: 'incompatible' })
    const refused = connect(pipeline(incompatible))
    await expect(refused).rejects.toThrow(SettingsError)
    await expect(refused).rejects.toThrow(
      /^users: expected a schema that is compatible with those of users-value, got 409 /,
    )
  })

  it('only looks if it may not register', async () => {
    const settings = { registryAutoRegister: false }
    await expect(connect(pipeline(), settings)).rejects.toThrow(
      /^users: expected its schema to be registered under users-value/,
    )
    await connect()
    await connect(pipeline(), settings)
    expect(registry.requests.filter((request) => request === 'POST /subjects/users-value/versions')).toHaveLength(1)
  })

  it('waits no longer than it may', async () => {
    registry.answerWith(500)
    await expect(connect()).rejects.toThrow(RegistryUnavailable)
  })
})
