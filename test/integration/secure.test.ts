import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  ConfigResourceTypes,
  ResourcePatternTypes,
  type Admin,
  type Consumer,
  type Kafka,
  type Producer,
} from 'kafkajs'
import { listAccessRules, type AccessRule } from '@kafka-etl/kafka'
import { startServiceProcess, type ServiceName, type ServiceProcess } from '../support/service-process.js'
import { brokerUsers } from '../../local/src/secure/credentials.js'
import { grant, startSecureKafka, type SecureKafka } from '../support/secure-kafka.js'
import { parseResults } from '../support/results-csv.js'
import { makeTemporaryFolder } from '../support/temporary-folder.js'

const inputs = ['timezone1', 'timezone2']
const written = ['unified_timestamps', 'dead_letters']
const names = { sent: inputs, read: inputs, written, results: ['unified_timestamps'], groupId: 'etl' }

type Case = readonly [
  name: string,
  service: ServiceName,
  environment: (secure: SecureKafka) => Readonly<Record<string, string>>,
  message: RegExp,
]

const canary = 'canary-5f1c-password'
const wrongPassword = { KAFKA_SASL_PASSWORD_FILE: '', KAFKA_SASL_PASSWORD: canary }
const otherTopics = { INPUTS: 'unified_timestamps=Europe/Paris', OUTPUT_TOPIC: 'timezone1' }

/** Each fault, and the service whose settings contain it; the exit code 2 says that no restart fixes it. */
const cases: readonly Case[] = [
  ['no CA', 'etl', () => ({ KAFKA_SSL_CA_FILE: '' }), /certificate could not be verified: check KAFKA_SSL_CA_FILE/],
  [
    'CA file that is not there',
    'etl',
    () => ({ KAFKA_SSL_CA_FILE: '/none.pem' }),
    /^ *KAFKA_SSL_CA_FILE: .*\/none\.pem/m,
  ],
  ['wrong password', 'producer', () => wrongPassword, /refused the user name or password: check KAFKA_SASL_USERNAME/],
  ['unknown user', 'reader', () => ({ KAFKA_SASL_USERNAME: 'nobody' }), /refused the user name or password/],
  ['no user', 'etl', () => ({ KAFKA_SASL_MECHANISM: 'none' }), /^KAFKA_SASL_MECHANISM: expected scram-sha-512,.*none$/],
  ['no TLS', 'etl', () => ({ KAFKA_SSL: 'false' }), /^KAFKA_SSL: expected true, since the broker .* got false$/],
  ['neither', 'reader', () => ({ KAFKA_SSL: 'false', KAFKA_SASL_MECHANISM: 'none' }), /^KAFKA_SSL: expected true/],
  ['another mechanism', 'etl', () => ({ KAFKA_SASL_MECHANISM: 'scram-sha-256' }), /check KAFKA_SASL_MECHANISM/],
  ['plain in the clear', 'etl', () => ({ KAFKA_SSL: 'false', KAFKA_SASL_MECHANISM: 'plain' }), /got plain.*the clear/],
  ['topic that it may not see', 'etl', () => ({ OUTPUT_TOPIC: 'forbidden' }), /lacks an ACL.*topic forbidden/],
  ['topic that it may not read', 'producer', () => otherTopics, /lacks an ACL.*Not authorized to access topics/],
  ['group', 'etl', () => ({ ETL_GROUP_ID: 'other' }), /lacks an ACL.*group or transactional id other/],
  ['another CA', 'etl', ({ expiredCaFile }) => ({ KAFKA_SSL_CA_FILE: expiredCaFile }), /could not be verified/],
  ['all that is not its own', 'reader', ({ environmentOf }) => environmentOf('producer'), /lacks an ACL/],
]

const groupRule: AccessRule = {
  user: 'etl',
  resource: 'group',
  pattern: 'literal',
  name: 'etl',
  operations: ['Read'],
  purpose: 'a group',
}

type Change = readonly [name: string, run: (client: Kafka, admin: Admin) => Promise<unknown>]

const topic = 'timezone1'

/** Every way in which a client may change something on a broker. */
const changes: readonly Change[] = [
  ['a record', (client) => sendOne(client.producer())],
  ['a transaction', (client) => begin(client.producer({ transactionalId: 'etl/timezone1/0' }))],
  ['a topic', (_, admin) => admin.createTopics({ topics: [{ topic: 'new_topic' }] })],
  ['partitions', (_, admin) => admin.createPartitions({ topicPartitions: [{ topic, count: 9 }] })],
  ['settings', (_, admin) => admin.alterConfigs({ validateOnly: false, resources: [shortRetention] })],
  ['records deleted', (_, admin) => admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '1' }] })],
  ['a topic deleted', (_, admin) => admin.deleteTopics({ topics: [topic] })],
  // A client that may not join a group may not commit for it.
  ['a group joined', (client) => joinGroup(client.consumer({ groupId: 'unused' }))],
  ['a group deleted', (_, admin) => admin.deleteGroups(['etl'])],
  ['rights', (_, admin) => admin.createAcls({ acl: [everything] })],
]

const shortRetention = {
  type: ConfigResourceTypes.TOPIC,
  name: topic,
  configEntries: [{ name: 'retention.ms', value: '1' }],
}
const everything = {
  resourceType: AclResourceTypes.TOPIC,
  resourceName: '*',
  resourcePatternType: ResourcePatternTypes.LITERAL,
  principal: 'User:console',
  host: '*',
  operation: AclOperationTypes.ALL,
  permissionType: AclPermissionTypes.ALLOW,
}

const joinGroup = async (consumer: Consumer): Promise<void> => {
  const { promise: crashed, reject } = Promise.withResolvers<never>()
  consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
  await consumer.connect()
  try {
    await consumer.subscribe({ topic })
    await Promise.all([consumer.run({ eachMessage: () => Promise.resolve() }), crashed])
  } finally {
    await consumer.disconnect()
  }
}

const begin = async (producer: Producer): Promise<void> => {
  await producer.connect()
  try {
    await producer.transaction()
  } finally {
    await producer.disconnect()
  }
}

const sendOne = async (producer: Producer): Promise<void> => {
  await producer.connect()
  try {
    await producer.send({ topic, messages: [{ value: 'written by a test' }] })
  } finally {
    await producer.disconnect()
  }
}

/** The changes that the broker refuses, each for a missing permission. */
const listRefusals = async (client: Kafka): Promise<readonly string[]> => {
  const admin = client.admin()
  await admin.connect()
  const refused: string[] = []
  for (const [name, run] of changes) {
    const outcome = await run(client, admin).then(() => 'done', explain)
    refused.push(/not authorized|authorization failed/i.test(outcome) ? name : `${name}: ${outcome}`)
  }
  await admin.disconnect()
  return refused
}

/** Explains an error. KafkaJS puts the broker's responses into `errors` or `groups` of the error. */
const explain = (error: unknown): string => {
  const parts = [String(error)]
  if (typeof error === 'object' && error !== null) {
    for (const field of ['errors', 'groups', 'cause'])
      if (field in error) parts.push(inspect((error as Readonly<Record<string, unknown>>)[field], { depth: 3 }))
  }
  return parts.join(' ')
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
          ...inputs.map((topic) => ({ topic, numPartitions: 1 })),
          ...written.map((topic) => ({ topic, numPartitions: 2 })),
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
    const folder = await makeTemporaryFolder('secure-results')
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

  it('let the console show all of it, and its user change nothing', async () => {
    const shown = await startServiceProcess({
      service: 'console',
      bootstrap: secure.bootstrap,
      environment: { ...secure.environmentOf('console'), CONSOLE_SERVICES: '' },
    })
    await shown.waitForHttp('/ready', 200)
    const get = async (path: string): Promise<unknown> => (await fetch(`${shown.httpUrl}${path}`)).json()
    expect(await get('/api/topic?topic=unified_timestamps')).toMatchObject({ partitionCount: 2 })
    await sendOne(secure.clientOf('producer').producer())
    expect(JSON.stringify(await get('/api/records?topic=timezone1'))).toContain('"text":"written by a test"')
    expect(await get('/api/groups')).toEqual(expect.any(Array))
    expect(await shown.terminate()).toEqual({ code: 0, signal: null })
    expect(await listRefusals(secure.clientOf('console'))).toEqual(Array.from(changes, ([name]) => name))
  }, 60_000)

  /** Runs a service that fails; returns its last message and the exit code. */
  const fail = async (
    service: ServiceName,
    environment: Readonly<Record<string, string>>,
    bootstrap = secure.bootstrap,
  ): Promise<{ readonly code: number | null; readonly message: string }> => {
    const ended = await start(service, environment, bootstrap)
    const { code } = await ended.exit
    const lines = ended.lines.filter(({ level }) => level === 'fatal' || level === undefined)
    return { code, message: lines.map(({ msg }) => msg).join('\n') }
  }

  it.each(cases)(
    'say what is wrong: %s',
    async (_, service, environment, message) => {
      const failure = await fail(service, environment(secure))
      expect(failure).toEqual({ code: 2, message: expect.stringMatching(message) as unknown })
    },
    60_000,
  )

  it('say which transactional id may not be written', async () => {
    // Another group that the user may join; its transactional ids are not among those that the user may write.
    await grant(secure, [{ ...groupRule, name: 'unwritten' }])
    expect(await fail('etl', { ETL_GROUP_ID: 'unwritten' })).toEqual({
      code: 2,
      message: expect.stringMatching(/lacks an ACL.*unwritten\/timezone\d\/0/) as unknown,
    })
  }, 60_000)

  it('do without a permission that they can do without', async () => {
    const rules = listAccessRules({ ...names, written: ['plain_output', 'dead_letters'], groupId: 'unasked' })
    await secure.asAdmin((admin) => admin.createTopics({ topics: [{ topic: 'plain_output', numPartitions: 2 }] }))
    await grant(
      secure,
      rules.map((rule) => ({ ...rule, operations: rule.operations.filter((name) => name !== 'DescribeConfigs') })),
    )
    const etl = await start('etl', { ETL_GROUP_ID: 'unasked', OUTPUT_TOPIC: 'plain_output' })
    await etl.waitForLine(/lacks the permission to read max\.message\.bytes of the output topics \(DescribeConfigs\)/)
    await etl.waitForHttp('/ready', 200)
    expect(await etl.terminate()).toEqual({ code: 0, signal: null })
  }, 60_000)

  it('say that the certificate of the broker has expired', async () => {
    const { expiredCaFile, kafka } = secure
    const bootstrap = kafka.listenerBehind('expired').replace('127.0.0.1', 'localhost')
    expect(await fail('reader', { KAFKA_SSL_CA_FILE: expiredCaFile }, bootstrap)).toEqual({
      code: 2,
      message: "the broker's certificate has expired: renew it on the broker",
    })
  }, 60_000)

  it('print no password, whatever happens', () => {
    const secrets = [canary, ...brokerUsers.map((user) => readFileSync(secure.files.passwordFileOf(user), 'utf8'))]
    expect(printed.length).toBeGreaterThan(500)
    for (const secret of secrets) expect(printed.filter((line) => line.includes(secret))).toEqual([])
  })
})
