import { expect, it } from '@jest/globals'
import { badRecords } from '../support/bad-records.js'
import { coordinatesOf } from '../support/expected-records.js'
import { headerText, type NewRecord, type RecordHeader, type TopicRecord } from '../support/oracle-records.js'
import { startServiceProcess, type ServiceProcess } from '../support/service-process.js'
import { withSharedBroker } from '../support/site.js'
import { createCase, type ServiceCase } from '../support/service-case.js'
import { readOutput, readPairs, writeAll, type Pair } from './contract-case.js'

const good = '{"date":"2024-02-05 10:01:52.884548 -0500","message":"good"}'
const bad = 'no log'

const etlHeaders = ['source', '__etl.errors.reason', '__etl.errors.message', '__etl.errors.timestamp']

/** Headers by name, with the values of each name in order; KafkaJS keeps no order between names. */
const byName = (headers: readonly RecordHeader[]): readonly (readonly [string, readonly string[]])[] =>
  [...Map.groupBy(headers, ({ name }) => name)]
    .map(([name, list]) => [name, list.map(({ value }) => value?.toString('hex') ?? 'null')] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))

/** The input's own headers in the dead letter, without those that the ETL has added at the end, one per name. */
const withoutAdded = (record: TopicRecord): readonly RecordHeader[] => {
  const last = new Set(etlHeaders.map((name) => record.headers.findLast((header) => header.name === name)))
  return record.headers.filter((header) => !last.has(header))
}

withSharedBroker('dead letters', {}, (site) => {
  const start = (contractCase: ServiceCase): Promise<ServiceProcess> =>
    startServiceProcess({ service: 'etl', bootstrap: site.kafka.bootstrap, environment: contractCase.environment })

  /** Runs the ETL on records that are written before it starts; its topics have one partition each. */
  const handle = async (
    contractCase: ServiceCase,
    records: readonly NewRecord[],
    settings: Readonly<Record<string, string>> = {},
  ): Promise<readonly Pair[]> => {
    await site.oracle.createTopics(contractCase.inputs.map(({ topic }) => ({ name: topic, partitionCount: 1 })))
    await writeAll(site.oracle, records, settings)
    const etl = await start(contractCase)
    const pairs = await readPairs(site.oracle, contractCase)
    expect(await etl.terminate()).toEqual({ code: 0, signal: null })
    return pairs
  }

  it('hold every kind of bad input untouched, with the reason, where it came from and when', async () => {
    const contractCase = createCase('kinds')
    const topics = contractCase.inputs.map(({ topic }) => topic)
    const startedMs = Date.now()
    const records = badRecords.flatMap(({ value }, index) => {
      const topic = topics[index % 2] ?? ''
      const record = { topic, key: index % 3 === 0 ? null : `key-${index}`, timestampMs: 1_600_000_000_000 + index }
      return [
        { ...record, value },
        { ...record, value: good },
      ]
    })
    const pairs = await handle(contractCase, records)
    const letters = pairs.filter(({ isDeadLetter }) => isDeadLetter)
    expect(pairs.length - letters.length).toBe(badRecords.length)
    const got = letters.map(({ result }) => [result.value?.toString('hex'), headerText(result, '__etl.errors.reason')])
    const expected = badRecords.map(({ value, reason }) => [value?.toString('hex'), reason])
    expect(got.toSorted()).toEqual(expected.toSorted())
    for (const { input, result } of letters) {
      expect(result.headers.map(({ name }) => name)).toEqual(etlHeaders)
      expect(headerText(result, 'source')).toBe(coordinatesOf(input))
      expect(headerText(result, '__etl.errors.message')).toMatch(/^[Ee]xpected [ -~…]{3,250}, got [ -~…]{1,250}$/)
      const rejectedMs = Number(headerText(result, '__etl.errors.timestamp'))
      expect(rejectedMs).toBeGreaterThanOrEqual(startedMs)
      expect(rejectedMs).toBeLessThanOrEqual(Date.now())
    }
  }, 90_000)

  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])(
    'are the same when the records come compressed by %s',
    async (codec) => {
      const contractCase = createCase(`codec-${codec}`)
      const topic = contractCase.inputs[0]?.topic ?? ''
      const values = Array.from({ length: 500 }, (_, index) => (index % 3 === 0 ? `${bad} ${index}` : good))
      const pairs = await handle(
        contractCase,
        values.map((value) => ({ topic, value })),
        { 'compression.type': codec },
      )
      expect(pairs.map(({ isDeadLetter }) => isDeadLetter)).toEqual(values.map((value) => value !== good))
    },
    60_000,
  )

  it('come of values that are far too large once they are decompressed, cut, with their size', async () => {
    const contractCase = createCase('expanding')
    const topic = contractCase.inputs[0]?.topic ?? ''
    const bytes = 12_000_000
    const pairs = await handle(
      contractCase,
      [good, 'x'.repeat(bytes), good].map((value) => ({ topic, value })),
      { 'compression.type': 'gzip' },
    )
    expect(pairs.map(({ isDeadLetter }) => isDeadLetter)).toEqual([false, true, false])
    const letter = pairs[1]?.result
    expect(letter && headerText(letter, '__etl.errors.reason')).toBe('record_too_large')
    expect(letter && headerText(letter, '__etl.original.size')).toBe(String(bytes))
    expect(letter?.value?.length).toBeLessThan(1_048_588)
  }, 60_000)

  it('keep the headers and keys that they came with, whatever their names, and win over them', async () => {
    const contractCase = createCase('headers')
    const topic = contractCase.inputs[0]?.topic ?? ''
    const own: readonly (readonly [string, Buffer | string | null])[] = [
      ['plain', 'text'],
      ['bytes', Buffer.from([0, 0xff, 0xc3, 0x28])],
      ['twice', '1'],
      ['twice', null],
      ['twice', '3'],
      ['null', null],
      ['empty', ''],
      ['', 'no name'],
      ['2', 'two'],
      ['1', 'one'],
      ['source', 'forged/0/0'],
      ['source', 'forged/0/1'],
      ['__etl.errors.reason', 'forged'],
      ['__proto__', 'polluted'],
      ['constructor', 'c'],
      ['toString', 't'],
      ['hasOwnProperty', 'h'],
      ['é日', 'not ASCII'],
    ]
    const headers = own.map(([name, value]) => ({ name, value }))
    const each = headers.map((header) => [header])
    const keys = [null, '', 'key', Buffer.alloc(4), Buffer.from([0xff, 0, 0xfe])]
    const records = [headers, [], ...each].flatMap((list, index) =>
      [bad, good, null].map((value) => ({ topic, value, headers: list, key: keys[index % keys.length] ?? null })),
    )
    const pairs = await handle(contractCase, records)
    expect(pairs.map(({ isDeadLetter }) => isDeadLetter)).toEqual(records.map(({ value }) => value !== good))
    for (const { input, result, isDeadLetter } of pairs) {
      if (!isDeadLetter) {
        expect(result.headers.map(({ name }) => name)).toEqual(['source'])
        continue
      }
      expect(result.value).toEqual(input.value)
      expect(byName(withoutAdded(result))).toEqual(byName(input.headers))
      expect(headerText(result, 'source')).toBe(coordinatesOf(input))
      expect(headerText(result, '__etl.errors.reason')).toBe(input.value === null ? 'value_empty' : 'value_not_json')
    }
  }, 60_000)

  it.each([
    ['first', [bad, good, good]],
    ['last', [good, good, bad]],
    ['only', [bad]],
    ['all', Array.from({ length: 3_000 }, (_, index) => `${bad} ${index}`)],
  ])(
    'stop nothing where the %s of a batch is bad',
    async (name, values) => {
      const contractCase = createCase(`place-${name}`)
      const topic = contractCase.inputs[1]?.topic ?? ''
      const pairs = await handle(
        contractCase,
        values.map((value) => ({ topic, value })),
      )
      expect(pairs.map(({ isDeadLetter }) => isDeadLetter)).toEqual(values.map((value) => value !== good))
      expect(pairs.map(({ input }) => input.value?.toString())).toEqual(values)
    },
    60_000,
  )

  it('pollute nobody, and half a surrogate pair stays what it is', async () => {
    const contractCase = createCase('odd')
    const topic = contractCase.inputs[0]?.topic ?? ''
    const date = '"date":"2024-02-05 10:01:52.884548 -0500"'
    const values = [`{"__proto__":{${date},"message":"1"}}`, `{"message":"1"}`, `{${date},"message":"half \\uD83D"}`]
    const pairs = await handle(
      contractCase,
      values.map((value) => ({ topic, value })),
    )
    expect(pairs.map(({ isDeadLetter }) => isDeadLetter)).toEqual([true, true, false])
    expect(pairs.slice(2).map((pair) => readOutput(pair).message)).toEqual(['"half \\ud83d"'])
  }, 60_000)
})
