import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { badRecords } from '../support/bad-records.js'
import { sourceOf, coordinatesOf } from '../support/expected-records.js'
import { headerText, type NewRecord, type TopicRecord } from '../support/oracle-records.js'
import { withSharedBroker } from '../support/site.js'
import { superviseService, type SupervisedService } from '../support/supervisor.js'
import { judgeScene, layOutScene, resultsFileOf, type Scene } from './scene.js'
import { seed } from './seed.js'

const date = '2024-02-05 10:01:52.884548 -0500'
const good = (message: string): string => JSON.stringify({ date, message })
const canary = 'canary-3f1c9d'

withSharedBroker('the ETL, fed with everything that is no log', {}, (site) => {
  const startEtl = (scene: Scene): Promise<SupervisedService> =>
    superviseService({
      service: 'etl',
      bootstrap: site.kafka.bootstrap,
      environment: { ...scene.environment, KAFKA_SASL_PASSWORD: canary },
    })

  /** Checks that the ETL never ended, stays ready, and wrote only complete JSON lines without its secret. */
  const expectUnharmed = async (etl: SupervisedService): Promise<void> => {
    await etl.current().waitForHttp('/ready', 200)
    expect(await etl.stop()).toEqual({ code: 0, signal: null })
    expect(etl.exits).toHaveLength(1)
    expect(etl.lines().filter((line) => line.level === undefined)).toEqual([])
    expect(etl.lines().filter((line) => JSON.stringify(line).includes(canary))).toEqual([])
  }

  const expectUntouched = (inputs: readonly TopicRecord[], deadLetters: readonly TopicRecord[]): void => {
    const originals = new Map(inputs.map((record) => [coordinatesOf(record), record]))
    for (const letter of deadLetters) {
      const original = originals.get(sourceOf(letter))
      expect([letter.value, letter.key]).toEqual([original?.value, original?.key])
    }
  }

  it('sets each kind aside once with its reason and its bytes, wherever in a batch it stands', async () => {
    const { oracle } = site
    const scene = await layOutScene(oracle, 'kinds', 1)
    const etl = await startEtl(scene)
    const [topic = ''] = scene.inputTopics
    const place = { topic, partition: 0 }
    const expected: (string | undefined)[] = []
    const write = async (records: readonly (NewRecord & { readonly reason?: string })[]): Promise<void> => {
      await oracle.write(records)
      expected.push(...records.map(({ reason }) => reason))
    }
    for (const { name, value, reason } of badRecords) {
      const bad = { ...place, value, reason }
      await write([bad])
      await write([bad, { ...place, value: good(name) }])
      await write([
        { ...place, value: good(name), key: Buffer.alloc(4) },
        { ...bad, key: Buffer.alloc(4) },
      ])
    }
    const { inputs, unified, deadLetters } = await judgeScene(scene)
    expectUntouched(inputs, deadLetters)
    const reasons = new Map(deadLetters.map((letter) => [sourceOf(letter), headerText(letter, '__etl.errors.reason')]))
    expect(inputs.map((record) => reasons.get(coordinatesOf(record)))).toEqual(expected)
    expect(unified).toHaveLength(2 * badRecords.length)
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
    await expectUnharmed(etl)
  }, 120_000)

  it('takes any text for a message and any bytes for a record', async () => {
    const { kafka, oracle } = site
    const scene = await layOutScene(oracle, 'any', 1)
    const { environment } = scene
    const etl = await startEtl(scene)
    const reader = await superviseService({ service: 'reader', bootstrap: kafka.bootstrap, environment })
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('=1+1', '+1', '-1', '@x', '\tx', '\rx', 'a"b', '"', '""', 'a,b', 'a\r\nb', '\u001b[31mred', '\0'),
      fc.constantFrom('{"level":"fatal","msg":"made up"}', '\nmade up line', '\u202eright to left', '\ufeff'),
    )
    const mutated = fc
      .tuple(fc.nat(date.length - 1), fc.constantFrom('', '0', '9', ' ', '-', ':', 'Z', '\u0660'))
      .map(([at, put]) => date.slice(0, at) + put + date.slice(at + 1))
    const value = fc.oneof(
      { weight: 3, arbitrary: text.map(good) },
      {
        weight: 2,
        arbitrary: fc.tuple(mutated, text).map(([when, message]) => JSON.stringify({ date: when, message })),
      },
      { weight: 1, arbitrary: fc.json() },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
      { weight: 1, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: text.map((message) => JSON.stringify({ version: 2, date, message, more: [message] })) },
    )
    const key = fc.option(fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)))
    const records = fc.sample(fc.record({ value, key }), { seed, numRuns: 3_000 })
    await oracle.write(
      records.map((record, index) => ({ ...record, topic: scene.inputTopics[index % 2] ?? '', partition: 0 })),
    )
    const { inputs, unified, deadLetters } = await judgeScene(scene, { resultsFile: resultsFileOf(reader) })
    expect(unified.length).toBeGreaterThan(1_000)
    expect(deadLetters.length).toBeGreaterThan(300)
    expectUntouched(inputs, deadLetters)
    await expectUnharmed(etl)
    expect(await reader.stop()).toEqual({ code: 0, signal: null })
  }, 120_000)

  it('reads every compression, and a small batch that holds 10 MB', async () => {
    const { oracle } = site
    const scene = await layOutScene(oracle, 'compressed', 1)
    const etl = await startEtl(scene)
    const [topic = ''] = scene.inputTopics
    for (const codec of ['gzip', 'snappy', 'lz4', 'zstd']) {
      const settings = { 'compression.type': codec }
      await oracle.write(
        [
          { topic, partition: 0, value: good(codec) },
          { topic, partition: 0, value: 'bad' },
        ],
        { settings },
      )
    }
    const bomb = { topic, partition: 0, value: Buffer.alloc(10_000_000, 'x') }
    const [written] = await oracle.write([bomb], {
      settings: { 'compression.type': 'gzip', 'buffer.memory': '50000000' },
    })
    expect(written).toMatchObject({ ok: true })
    await oracle.write([{ topic, partition: 0, value: good('behind it') }])
    const { unified, deadLetters } = await judgeScene(scene)
    expect([unified.length, deadLetters.length]).toEqual([5, 5])
    expect(headerText(deadLetters.at(-1) ?? fail(), '__etl.original.size')).toBe('10000000')
    await expectUnharmed(etl)
  }, 120_000)

  it('handles nothing but poison at no less than a quarter of its speed', async () => {
    const { oracle } = site
    const scene = await layOutScene(oracle, 'poison', 1)
    const [topic = '', other = ''] = scene.inputTopics
    const count = 30_000
    const poison = (index: number): Buffer | string | null => badRecords[index % 6]?.value ?? null
    for (let from = 0; from < count; from += 10_000) {
      const indexes = Array.from({ length: 10_000 }, (_, index) => from + index)
      await oracle.write(indexes.map((index) => ({ topic, partition: 0, value: good(String(index)) })))
      await oracle.write(indexes.map((index) => ({ topic: other, partition: 0, value: poison(index) })))
    }
    const etl = await startEtl(scene)
    const { unified, deadLetters } = await judgeScene(scene)
    const goodMs = spanOf(unified.map(({ value }) => Number(/"time":(\d+)/.exec(value?.toString() ?? '')?.[1])))
    const poisonMs = spanOf(deadLetters.map((letter) => Number(headerText(letter, '__etl.errors.timestamp'))))
    process.stdout.write(`${count} logs in ${goodMs} ms, ${count} bad records in ${poisonMs} ms\n`)
    expect(poisonMs).toBeLessThan(4 * Math.max(goodMs, 1_000))
    await expectUnharmed(etl)
  }, 120_000)
})

const spanOf = (times: readonly number[]): number => {
  const sorted = times.toSorted((a, b) => a - b)
  return (sorted.at(-1) ?? 0) - (sorted[0] ?? 0)
}

const fail = (): never => {
  throw new Error('Expected a dead letter, got none')
}
