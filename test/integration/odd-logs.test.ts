import { gzipSync } from 'node:zlib'
import { beforeAll, expect, it } from '@jest/globals'
import { runAdmin, type AdminResult } from '../support/admin-process.js'
import { encodeMessageSet, produceRaw, type OldMessage } from '../support/raw-records.js'
import { csvOf } from '../support/reader-case.js'
import { createCase } from '../support/service-case.js'
import { startServiceProcess, type ServiceName, type ServiceProcess } from '../support/service-process.js'
import { withBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'
import { readOutput, readPairs, writeAll } from './contract-case.js'

const settings = {
  // Only a broker that works like one before 3.0 keeps records in the old formats.
  'inter.broker.protocol.version': '2.8',
  'log.cleaner.enable': 'true',
  'log.cleaner.backoff.ms': '100',
  'log.cleaner.dedupe.buffer.size': '4194304',
}
/** Segments of hardly more than one record; each is compacted as soon as it is not the last one. */
const compacted = {
  'cleanup.policy': 'compact',
  'segment.bytes': '200',
  'min.cleanable.dirty.ratio': '0.0',
  'delete.retention.ms': '0',
}
const formatOf = (release: string): Readonly<Record<string, string>> => ({ 'message.format.version': release })

const gzip = 1
const logOf = (message: string): string => `{"date":"2024-02-05 10:01:52.884548 -0500","message":"${message}"}`
const rowOf = (index: number): string =>
  `{"timestamp":${1707217879632 + index}.242,"message":"${index}","time":1707217879944,"diff":1}`
const compress = (magic: 0 | 1, messages: readonly OldMessage[]): OldMessage => ({
  magic,
  attributes: gzip,
  value: gzipSync(encodeMessageSet(messages)),
})
const messagesOf = (magic: 0 | 1, values: readonly string[]): readonly OldMessage[] =>
  values.map((value) => ({ magic, key: 'k', value }))

withBroker('a log as no producer of ours leaves it', { flavour: '3.9', settings }, (site) => {
  const read = createCase('old')
  const [zero = '', one = ''] = read.inputs.map(({ topic }) => topic)

  const send = async (topic: string, magic: 0 | 1, messages: readonly OldMessage[]): Promise<void> => {
    const bytes = encodeMessageSet(messages)
    expect(await produceRaw({ bootstrap: site.kafka.bootstrap, topic, version: magic === 0 ? 0 : 2, bytes })).toBe(0)
  }
  const start = (service: ServiceName, environment: Readonly<Record<string, string>>): Promise<ServiceProcess> =>
    startServiceProcess({ service, bootstrap: site.kafka.bootstrap, environment })
  const admin = (...command: string[]): Promise<AdminResult> =>
    runAdmin(command, { bootstrap: site.kafka.bootstrap, environment: read.environment })

  beforeAll(
    () =>
      site.oracle.createTopics([
        { name: zero, partitionCount: 1, settings: formatOf('0.9.0') },
        { name: one, partitionCount: 1, settings: formatOf('0.10.2') },
        { name: 'old-rows', partitionCount: 1, settings: formatOf('0.10.2') },
      ]),
    60_000,
  )

  it('in the formats v0 and v1 is read by the ETL, lag, audit and tail as any other, and goes on as one', async () => {
    const logs = ['zipped0', 'zipped1', 'zipped2'].map(logOf)
    await send(zero, 0, [{ magic: 0, value: logOf('plain') }])
    await send(zero, 0, [compress(0, messagesOf(0, logs))])
    await send(zero, 0, [{ magic: 0, value: null, key: 'gone' }])
    await send(one, 1, [{ magic: 1, timestamp: 1_707_145_312_884n, value: logOf('plain') }])
    await send(one, 1, [{ magic: 1, timestamp: -1n, value: 'bad' }])
    await send(one, 1, [compress(1, messagesOf(1, logs))])
    const etl = await start('etl', read.environment)
    await etl.waitForHttp('/ready', 200)
    await writeAll(site.oracle, [{ topic: zero, value: logOf('new') }], { 'enable.idempotence': 'false' })

    const pairs = await readPairs(site.oracle, read)
    const seen = pairs.map((pair) => `${pair.input.topic} ${pair.isDeadLetter ? 'rejected' : readOutput(pair).message}`)
    const names = ['"plain"', '"zipped0"', '"zipped1"', '"zipped2"', 'rejected']
    expect(seen.toSorted()).toEqual(
      [...names.map((name) => `${zero} ${name}`), `${zero} "new"`, ...names.map((name) => `${one} ${name}`)].toSorted(),
    )
    expect((await admin('lag')).stdout).toContain('has caught up')
    expect((await admin('audit')).stdout).toContain('Nothing lost, nothing twice, nothing out of order')
    expect((await admin('tail', zero, '--count', '3')).stdout).toContain(logOf('zipped1'))
    expect(await etl.terminate()).toEqual({ code: 0, signal: null })
  }, 60_000)

  it('in the format v1 gets a row a record from the reader', async () => {
    await send('old-rows', 1, [{ magic: 1, timestamp: -1n, value: rowOf(0) }])
    await send('old-rows', 1, [compress(1, messagesOf(1, [rowOf(1), rowOf(2)]))])
    const reader = await start('reader', { OUTPUT_TOPIC: 'old-rows', READER_FOLLOW: 'false' })
    expect(await reader.exit).toEqual({ code: 0, signal: null })
    const messages = (await csvOf(reader)).split('\n').map((row) => row.split(',')[1])
    expect(messages).toEqual(['message', '"0"', '"1"', '"2"', undefined])
  }, 30_000)

  it('with batches that compaction emptied, and aborted ones, is read on past them', async () => {
    const own = createCase('emptied')
    const [emptied = '', aborted = ''] = own.inputs.map(({ topic }) => topic)
    await site.oracle.createTopics([
      { name: emptied, partitionCount: 1, settings: compacted },
      { name: aborted, partitionCount: 1, settings: { 'segment.bytes': '200' } },
    ])
    // The last batch of an idempotent producer stays, without its record: each record gets a separate producer.
    for (const name of ['one', 'two', 'three']) {
      await writeAll(site.oracle, [{ topic: emptied, key: 'k', value: logOf(name) }], { 'client.id': name })
    }
    for (let round = 0; round < 10; round++) {
      await site.oracle.write([{ topic: aborted, value: logOf('x'.repeat(150)) }], {
        transactionalId: 'emptied-aborted',
      })
      await site.oracle.endTransaction('emptied-aborted', 'abort')
    }
    const isFirstGone = async (): Promise<boolean> =>
      (await site.oracle.readTopic(emptied)).every(({ offset }) => offset > 0n)
    await waitFor(isFirstGone, { what: 'the first record to be compacted away', everyMs: 200 })
    expect((await site.oracle.offsets(emptied))[0]?.earliest).toBe(0n)

    const etl = await start('etl', own.environment)
    const pairs = await readPairs(site.oracle, own)
    expect(pairs.map((pair) => readOutput(pair).message).at(-1)).toBe('"three"')
    const options = { bootstrap: site.kafka.bootstrap, environment: own.environment }
    expect((await runAdmin(['lag'], options)).stdout).toContain('has caught up')
    expect((await runAdmin(['audit'], options)).stdout).toContain('Nothing lost, nothing twice, nothing out of order')
    expect(await etl.terminate()).toEqual({ code: 0, signal: null })
  }, 90_000)
})
