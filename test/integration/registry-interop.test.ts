import { create, toBinary, toJson, type DescFile } from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema, TimestampSchema } from '@bufbuild/protobuf/wkt'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { createSystemClock, SettingsError, type RegistrySettings } from '@kafka-etl/common'
import {
  avro,
  connectFormats,
  definePipeline,
  type ConnectedDefinition,
  jsonSchema,
  protobuf,
  Type,
  type Format,
  type TSchema,
} from '@kafka-etl/pipeline'
import { createRegistryClient, RegistryUnavailable, type RegistryClient } from '@kafka-etl/pipeline/registry'
import { Colour, file_sample, OrderSchema } from '../../pipeline-src/test/schemas/sample_pb.js'
import { askConfluent } from '../support/registry/python.js'
import { startRegistry, type TestRegistry } from '../support/registry/start-registry.js'

/** Registry, Java and Python may have to be downloaded first. */
const startDeadlineMs = 400_000

const reading = {
  type: 'record',
  name: 'Reading',
  namespace: 'interop',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'amount', type: { type: 'bytes', logicalType: 'decimal', precision: 12, scale: 2 } },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-micros' } },
    { name: 'colour', type: { type: 'enum', name: 'Colour', symbols: ['RED', 'BLUE'] } },
    { name: 'maybe', type: ['null', 'double'], default: null },
    { name: 'counts', type: { type: 'map', values: 'long' } },
    {
      name: 'inner',
      type: { type: 'array', items: { type: 'record', name: 'Inner', fields: [{ name: 'text', type: 'string' }] } },
    },
    { name: 'raw', type: 'bytes' },
  ],
} as const

const User = Type.Object(
  {
    name: Type.String(),
    favorite_number: Type.Number({ exclusiveMinimum: 0 }),
    inner: Type.Object({ tags: Type.Array(Type.String()) }),
  },
  { $schema: 'http://json-schema.org/draft-07/schema#', title: 'User' },
)

const large = 2n ** 62n + 1n
const values = {
  avro: {
    id: large,
    amount: '-12345678.90',
    at: 1_625_140_800_123_456n,
    colour: 'BLUE',
    maybe: 0.5,
    counts: { a: large },
    inner: [{ text: 'é' }],
    raw: Buffer.from('00ff', 'hex'),
  },
  json: { name: 'Robert', favorite_number: 1.5, inner: { tags: ['a', 'é'] } },
  protobuf: create(OrderSchema, {
    counts: { a: large },
    id: 'o1',
    lines: [{ sku: 'x', pieces: -3 }],
    paid: { case: 'voucher', value: 'v' },
    colour: Colour.RED,
    marks: [1n, large],
    parent: { id: 'o0' },
    address: { city: 'Paris' },
    at: create(TimestampSchema, { seconds: 5n }),
    large,
    flag: false,
  }),
} as const

const createDefinition = (user: TSchema = User) =>
  definePipeline({
    name: 'interop',
    topics: {
      avro: { name: 'interop_avro', value: avro(reading) },
      json: { name: 'interop_json', value: jsonSchema(user) },
      protobuf: { name: 'interop_protobuf', value: protobuf(file_sample, OrderSchema) },
    },
    steps: { avro: () => [] },
  }).define({})

let registry: TestRegistry
let client: RegistryClient
let connected: ConnectedDefinition
const settings = (): RegistrySettings => ({
  registryUrl: registry.url,
  registryUsername: registry.username,
  registryPassword: registry.password,
  registryCaFile: '',
  registryAutoRegister: true,
})
const connect = (definition = createDefinition()): Promise<ConnectedDefinition> =>
  connectFormats({
    definition,
    written: ['avro', 'json', 'protobuf'],
    settings: settings(),
    logger: { info: () => undefined, warn: () => undefined },
    clock: createSystemClock(),
    waitMs: 60_000,
    stopping: new AbortController().signal,
  })

beforeAll(async () => {
  registry = await startRegistry({ secure: true })
  client = createRegistryClient(settings())
  connected = await connect()
}, startDeadlineMs)

const formatOf = (alias: string): Format<unknown> => {
  const format = connected.definition.topics[alias]?.value
  if (!format) throw new Error(`expected a format of ${alias}, found none`)
  return format
}

const frameOf = (alias: keyof typeof values): string => {
  const encoded = formatOf(alias).encode(values[alias], { handledAtMs: 0 })
  if (!encoded.ok || !encoded.bytes) throw new Error('expected bytes')
  return encoded.bytes.toString('hex')
}

const decode = async (alias: string, hex: string | undefined): Promise<unknown> => {
  const bytes = Buffer.from(hex ?? '', 'hex')
  await connected.prepareOf(alias)?.([bytes])
  const decoded = formatOf(alias).decode(bytes)
  return decoded.ok ? decoded.value : decoded
}

/** A file after its imports. */
const descriptorsOf = (file: DescFile): readonly string[] => [
  ...file.dependencies.filter(({ name }) => !name.startsWith('google/')).flatMap(descriptorsOf),
  Buffer.from(toBinary(FileDescriptorProtoSchema, file.proto)).toString('base64'),
]

type Answer = { readonly read: unknown; readonly wrote: Readonly<Record<keyof typeof values, string>> }

describe("Confluent's serializers for Python", () => {
  it(
    'read what we write, and write what we read, in all three formats, with the same ids',
    async () => {
      const { read, wrote } = (await askConfluent({
        registry: { url: registry.url, 'basic.auth.user.info': `${registry.username}:${registry.password}` },
        files: descriptorsOf(file_sample),
        avro: {
          topic: 'interop_avro',
          schema: JSON.stringify(reading),
          frame: frameOf('avro'),
          value: { ...values.avro, id: 7, counts: { a: 9 }, at: '2021-07-01T12:00:00.123456+00:00', raw: '00ff' },
        },
        json: { topic: 'interop_json', schema: JSON.stringify(User), frame: frameOf('json'), value: values.json },
        protobuf: {
          topic: 'interop_protobuf',
          message: 'sample.v1.Order',
          frame: frameOf('protobuf'),
          value: toJson(OrderSchema, values.protobuf),
        },
      })) as Answer
      expect(read).toMatchObject({
        avro: {
          // JSON's parser rounds it.
          id: Number(large),
          amount: '-12345678.90',
          at: '2021-07-01 12:00:00.123456+00:00',
          colour: 'BLUE',
          maybe: 0.5,
          inner: [{ text: 'é' }],
          raw: '00ff',
        },
        json: values.json,
        protobuf: {
          counts: { a: String(large) },
          id: 'o1',
          lines: [{ sku: 'x', pieces: -3 }],
          voucher: 'v',
          address: { city: 'Paris' },
          large: String(large),
          flag: false,
        },
      })
      expect(await decode('avro', wrote.avro)).toEqual({ ...values.avro, id: 7n, counts: { a: 9n } })
      expect(await decode('json', wrote.json)).toEqual(values.json)
      expect(await decode('protobuf', wrote.protobuf)).toEqual(values.protobuf)
      const idsOf = (frames: readonly string[]): readonly string[] => frames.map((hex) => hex.slice(0, 10))
      const ours = [frameOf('avro'), frameOf('json'), frameOf('protobuf')]
      expect(idsOf([wrote.avro, wrote.json, wrote.protobuf])).toEqual(idsOf(ours))
    },
    startDeadlineMs,
  )
})

describe('the registry of the stack', () => {
  it('lets nobody in without its password, with SECURE', async () => {
    for (const wrong of [{ registryUsername: '' }, { registryPassword: 'wrong' }]) {
      const stranger = createRegistryClient({ ...settings(), ...wrong })
      await expect(stranger.listSubjects()).rejects.toThrow(
        /^SCHEMA_REGISTRY_USERNAME and SCHEMA_REGISTRY_PASSWORD: expected a user whom the registry lets in, got 401 /,
      )
      await expect(stranger.listSubjects()).rejects.toThrow(SettingsError)
    }
    for (const path of ['/', '/apis/registry/v3/search/artifacts', '/apis/registry/v2/search/artifacts', '/q/health']) {
      const { status } = await fetch(new URL(path, registry.url))
      expect([path, status]).toEqual([path, 401])
    }
  })

  it('refuses a required field with 409, and takes it when its subject is FORWARD', async () => {
    const changed = createDefinition(
      Type.Object({ ...User.properties, required_field: Type.String() }, { title: 'User' }),
    )
    expect(await client.fetchCompatibility('interop_json-value')).toBe('BACKWARD')
    await expect(connect(changed)).rejects.toThrow(
      /^interop_json: expected a schema that is compatible with .*, got 409 /,
    )
    await expect(connect(changed)).rejects.toThrow(SettingsError)
    await client.setCompatibility('interop_json-value', 'FORWARD')
    await connect(changed)
    expect((await client.fetchLatest('interop_json-value'))?.version).toBe(2)
  }, 60_000)

  it('knows its schemas and ids after it was killed, and one that is asked for meanwhile is waited for', async () => {
    const subjects = await client.listSubjects()
    const more = { name: 'more', type: 'string', default: '' }
    const text = JSON.stringify({ ...reading, fields: [...reading.fields, more] })
    const id = await client.register('interop_avro-value', { type: 'AVRO', text, references: [] })
    const frame = Buffer.concat([Buffer.from(frameOf('avro'), 'hex'), Buffer.from([0])])
    frame.writeInt32BE(id, 1)
    await registry.kill9()
    expect(await decode('avro', frameOf('avro'))).toEqual(values.avro)
    await expect(decode('avro', frame.toString('hex'))).rejects.toThrow(RegistryUnavailable)
    await registry.restart()
    expect(await decode('avro', frame.toString('hex'))).toEqual(values.avro)
    expect(await client.listSubjects()).toEqual(subjects)
    frame.writeInt32BE(99_999, 1)
    expect(await decode('avro', frame.toString('hex'))).toMatchObject({ reason: 'schema_unknown' })
  }, 180_000)
})
