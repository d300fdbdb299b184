import { createRunMemory, type EncodedRecords } from '@kafka-etl/kafka'
import {
  bytes,
  definePipeline,
  drop,
  planTopology,
  raw,
  reject,
  type AnyDefinition,
  type Header,
  type Source,
  type Topology,
} from '@kafka-etl/pipeline'
import { describe, expect, it } from '@jest/globals'
import { pipeline as timestamps } from '../../pipelines/timestamps/pipeline.js'
import type { BatchContext } from '../src/conversions.js'
import { createConvertBatch, type ConvertBatch, type ConvertedBatch } from '../src/convert-batch.js'
import { createInputRecords, decodeRuns, type DecodedRecord, type RecordParts } from './decode-run.js'

/** The second of two inputs: its partition 3 belongs to partition 3 * 2 + 1 of the outputs. */
const timestampsOf = (topic: string): AnyDefinition =>
  timestamps.define({
    inputs: [
      { topic: 'first', zone: 'UTC' },
      { topic, zone: 'America/New_York' },
    ],
    outputTopic: 'o',
    localTime: 'reject',
    zoneCheck: 'warn',
    dates: 'strict',
  })

const names = { groupId: 'g', deadLetterTopic: 'd' }
const placeOf = (definition: AnyDefinition, topic: string): { topology: Topology; source: Source } => {
  const topology = planTopology(definition, names, new Map([[topic, 4]]))
  const source = topology.sources.find((each) => each.topic === topic)
  if (!source) throw new Error(`expected a step of ${topic}`)
  return { topology, source }
}

type Limits = { readonly outputBytes: number; readonly deadLetterBytes: number }

const createConvert = (
  { outputBytes, deadLetterBytes }: Limits = { outputBytes: 1_000_000, deadLetterBytes: 1_000_000 },
  memory = createRunMemory(),
): ConvertBatch => {
  const definition = timestampsOf('t')
  const limits = new Map([
    ['o', outputBytes],
    ['d', deadLetterBytes],
  ])
  return createConvertBatch({ definition, ...placeOf(definition, 't'), partition: 3, limits, memory })
}

const at = (handledAtMs: number, topicId?: string): BatchContext => ({ handledAtMs, topicId, state: {} })

type Converted = ConvertedBatch & {
  readonly outputs: readonly EncodedRecords[]
  readonly deadLetters: readonly EncodedRecords[]
}

const convert = (parts: readonly RecordParts[], limits?: Limits): Converted => {
  const converted = createConvert(limits)(createInputRecords(parts), at(1_700_000_000_042))
  const runsIn = (topic: string): readonly EncodedRecords[] =>
    [...converted.writes]
      .filter((write) => write.topic === topic && write.partition === 7)
      .map(({ records }) => records)
  return { ...converted, outputs: runsIn('o'), deadLetters: runsIn('d') }
}

const good = '{"date":"2024-02-05 10:01:52.884548 -0500","message":"11"}'
const foreign = '{"date":"2024-02-05 10:01:52.884548 +0000","message":"11"}'
const output = '{"timestamp":1707145312884.548,"message":"11","time":1700000000042,"diff":1}'

type Step = (
  record: { readonly value: Buffer | null; readonly headers: readonly Header[]; readonly key: Buffer | null },
  tools: Tools,
) => unknown

type Tools = {
  readonly to: Readonly<
    Record<
      'a' | 'b',
      (value: { data: string }, options?: { headers?: readonly Header[]; key?: string | null }) => unknown
    >
  >
}

/** A pipeline with one input and two outputs: the source determines the partition of `a`, the key that of `b`. */
const definitionOf = (step: Step): AnyDefinition =>
  definePipeline({
    name: 'two',
    topics: {
      in: { name: 'in', value: bytes() },
      a: { name: 'a', value: raw() },
      b: { name: 'b', value: raw(), key: ({ data }) => data, partitions: 4 },
    },
    reasons: ['odd'],
    steps: { in: step as never },
  }).define({})

const createStep = (definition: AnyDefinition, maxBytes = 1_000_000): ConvertBatch => {
  const limits = new Map(['a', 'b', 'd'].map((topic) => [topic, maxBytes]))
  const memory = createRunMemory()
  return createConvertBatch({ definition, ...placeOf(definition, 'in'), partition: 3, limits, memory })
}

const writtenTo = ({ writes }: ConvertedBatch, topic: string): readonly (DecodedRecord & { partition: number })[] =>
  [...writes]
    .filter((write) => write.topic === topic)
    .flatMap(({ partition, records }) => decodeRuns([records]).map((record) => ({ ...record, partition })))

const textOf = ({ key, value, headers, partition }: DecodedRecord & { partition: number }): string =>
  [
    partition,
    String(key),
    String(value),
    ...Object.entries(headers).map(([name, text]) => `${name}=${String(text)}`),
  ].join(' ')

describe('a batch of a pipeline with several outputs', () => {
  const values = (...texts: string[]) => createInputRecords(texts.map((value) => ({ value, key: Buffer.from('k') })))

  it('is written to each partition that its step names, in order, with a source each', () => {
    const step: Step = ({ value }, { to }) => {
      const data = String(value)
      return [to.b({ data }), to.a({ data: `${data}1` }), to.a({ data: `${data}2` }), to.b({ data: 'y' })]
    }
    const converted = createStep(definitionOf(step))(values('x', 'z'), at(1))
    expect(writtenTo(converted, 'a').map(textOf)).toEqual([
      '3 k x1 source=in/3/100',
      '3 k x2 source=in/3/100/1',
      '3 k z1 source=in/3/101',
      '3 k z2 source=in/3/101/1',
    ])
    expect(writtenTo(converted, 'b').map(textOf).toSorted()).toEqual(
      [
        ...['x', 'y', 'y', 'z'].map((key, index) => {
          const source = ['100', '100/1', '101/1', '101'][index] ?? ''
          return `${partitionsOfKeys[key] ?? ''} ${key} ${key} source=in/3/${source}`
        }),
      ].toSorted(),
    )
    expect([converted.recordCount, converted.outputCount]).toEqual([2, 8])
  })

  it('leaves no output of a record behind that has one which is too large', () => {
    const step: Step = ({ value }, { to }) => [to.a({ data: String(value) }), to.b({ data: String(value).repeat(200) })]
    const converted = createStep(definitionOf(step), 1_000)(values('0123456789', 'x'), at(1))
    expect(writtenTo(converted, 'a').map(({ value }) => String(value))).toEqual(['x'])
    expect(writtenTo(converted, 'b').map(({ value }) => String(value))).toEqual(['x'.repeat(200)])
    expect(
      writtenTo(converted, 'd').map(({ value, partition, headers }) => [
        String(value),
        partition,
        String(headers.source),
      ]),
    ).toEqual([['0123456789', 3, 'in/3/100']])
    expect(converted.rejected).toEqual(new Map([['record_too_large', 1]]))
  })

  it('counts what is dropped, and makes nothing of an empty list', () => {
    const step: Step = ({ value }) => (String(value) === 'free' ? drop('free') : [])
    const converted = createStep(definitionOf(step))(values('free', 'x', 'free'), at(1))
    expect(converted).toMatchObject({ writes: [], recordCount: 3, outputCount: 0, dropped: new Map([['free', 2]]) })
  })

  it('sets aside what its step throws at or makes nonsense of, and goes on', () => {
    const step: Step = ({ value }, { to }) => {
      if (String(value) === 'throw') throw new Error('oh')
      return String(value) === 'nonsense' ? 42 : to.a({ data: String(value) })
    }
    const converted = createStep(definitionOf(step))(values('throw', 'x', 'nonsense', 'y'), at(1))
    expect(writtenTo(converted, 'a').map(({ value }) => String(value))).toEqual(['x', 'y'])
    expect(converted.rejected).toEqual(new Map([['step_failed', 2]]))
    expect(writtenTo(converted, 'd').map(({ headers }) => String(headers['__etl.errors.message']))).toEqual([
      'oh',
      'expected outputs, drop or reject, got number',
    ])
  })

  it('carries headers that its step hands on, before the source, which is the own one alone', () => {
    const own: readonly Header[] = [
      ['trace', Buffer.from('1')],
      ['source', Buffer.from('forged')],
      ['none', null],
    ]
    const step: Step = ({ headers }, { to }) => to.a({ data: 'x' }, { headers: [...headers, ...own], key: null })
    const records = createInputRecords([{ value: 'x', headers: { kept: 'k', source: 'of the step before' } }])
    const [output] = writtenTo(createStep(definitionOf(step))(records, at(1, 'id')), 'a')
    expect(output && Object.entries(output.headers).map(([name, text]) => [name, text && String(text)])).toEqual([
      ['kept', 'k'],
      ['trace', '1'],
      ['none', null],
      ['source', 'in/3/100'],
      ['source-topic-id', 'id'],
    ])
    expect(output?.key).toBeNull()
  })
})

/** By `Utils.toPositive(Utils.murmur2(key)) % 4` of the Java client. */
const partitionsOfKeys: Readonly<Record<string, number>> = { x: 2, y: 0, z: 2 }

describe('createConvertBatch', () => {
  it('makes an output with key and source of its record, none of its headers, and the time of handling', () => {
    const key = Buffer.from('k')
    const { outputs, deadLetters, outputCount } = convert([{ value: good, key, timestampMs: 7, headers: { own: 'x' } }])
    expect(decodeRuns(outputs)).toEqual([
      { key, value: Buffer.from(output), timestampMs: 1_700_000_000_042, headers: { source: Buffer.from('t/3/100') } },
    ])
    expect([deadLetters, outputCount]).toEqual([[], 1])
  })

  it('rejects what was cut when it was decompressed, with its original size and without a part of its key', () => {
    const records = createInputRecords([
      { value: good, key: Buffer.from('k') },
      { value: good, key: Buffer.from('k') },
    ])
    const [value, key] = records
    if (!value || !key) throw new Error('expected two records')
    value.missingValueBytes = 9_000_000
    key.missingKeyBytes = 2_000_000
    const convertBatch = createConvert()
    const letters = decodeRuns([...convertBatch(records, at(1)).writes].map((write) => write.records))
    const texts = letters.map(({ headers }) =>
      ['__etl.errors.reason', '__etl.errors.message', '__etl.original.size'].map((name) => String(headers[name])),
    )
    const length = Buffer.byteLength(good)
    expect(texts).toEqual([
      [
        'record_too_large',
        `expected a value of at most 1048588 bytes, got ${length + 9_000_000} bytes`,
        String(length + 9_000_000),
      ],
      ['record_too_large', 'expected a key of at most 1048588 bytes, got 2000001 bytes', String(length)],
    ])
    expect(letters.map((letter) => letter.key)).toEqual([Buffer.from('k'), null])
  })

  it('marks outputs and dead letters of a topic that was made again, after their source', () => {
    const convertBatch = createConvert({ outputBytes: 9_999, deadLetterBytes: 9_999 })
    for (const id of ['first', 'second']) {
      const records = createInputRecords([{ value: good, headers: { source: 'x' } }, { value: 'bad' }, { value: good }])
      const runs = [...convertBatch(records, at(1, id)).writes].map((write) => write.records)
      const headersOf = decodeRuns(runs).map(({ headers }) =>
        Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`),
      )
      expect(headersOf.map((headers) => headers.slice(0, 2))).toEqual(
        [100, 102, 101].map((offset) => [`source: t/3/${offset}`, `source-topic-id: ${id}`]),
      )
      expect(headersOf.map(({ length }) => length)).toEqual([2, 2, 5])
    }
    const unmarked = [...convertBatch(createInputRecords([{ value: good }]), at(1)).writes].map(
      (write) => write.records,
    )
    expect(decodeRuns(unmarked).map(({ headers }) => Object.keys(headers))).toEqual([['source']])
  })

  it('keeps the order among outputs and among dead letters, and loses nothing', () => {
    const values = Array.from({ length: 100 }, (_, index) => (index % 3 === 0 ? `bad ${index}` : good))
    const { outputs, deadLetters, outputCount, rejected, lastRejection } = convert(values.map((value) => ({ value })))
    const sourcesOf = (runs: typeof outputs): number[] =>
      decodeRuns(runs).map(({ headers }) => Number(String(headers.source).slice('t/3/'.length)) - 100)
    const isBad = (index: number): boolean => index % 3 === 0
    const all = Array.from(values.keys())
    expect(sourcesOf(outputs)).toEqual(all.filter((index) => !isBad(index)))
    expect(sourcesOf(deadLetters)).toEqual(all.filter(isBad))
    expect(decodeRuns(deadLetters).map(({ value }) => value?.toString())).toEqual(
      values.filter((_, index) => isBad(index)),
    )
    expect([outputCount, rejected, lastRejection]).toEqual([
      66,
      new Map([['value_not_json', 34]]),
      { offset: 199, reason: 'value_not_json' },
    ])
  })

  it('has the time of handling whatever the timestamps of its records are', () => {
    const timestamps = [Number.MIN_SAFE_INTEGER, -1, 0, Number.MAX_SAFE_INTEGER]
    const { outputs, deadLetters } = convert(
      timestamps.flatMap((timestampMs) => [good, 'bad'].map((value) => ({ value, timestampMs }))),
    )
    const times = [...decodeRuns(outputs), ...decodeRuns(deadLetters)].map(({ timestampMs }) => timestampMs)
    expect(times).toEqual(new Array(8).fill(1_700_000_000_042))
  })

  it('counts what is written though it is odd', () => {
    const { outputCount, warned, rejected } = convert([{ value: foreign }, { value: good }, { value: foreign }])
    expect([outputCount, warned, rejected.size]).toEqual([2 + 1, new Map([['zone_mismatch', 2]]), 0])
  })

  it('sets aside what fits into no batch of the output topic', () => {
    const large = `{"date":"2024-02-05 10:01:52.884548 -0500","message":"${'m'.repeat(1_000)}"}`
    const limits = { outputBytes: 1_000, deadLetterBytes: 10_000 }
    const { outputs, deadLetters, rejected } = convert([{ value: large }, { value: good }], limits)
    expect(decodeRuns(outputs).map(({ value }) => value?.toString())).toEqual([output])
    const [letter] = decodeRuns(deadLetters)
    expect(letter?.value?.toString()).toBe(large)
    expect(letter?.headers['__etl.errors.message']?.toString()).toMatch(
      /^expected an output that fits .* 1000 bytes, got/,
    )
    expect(rejected).toEqual(new Map([['record_too_large', 1]]))
  })

  it('rejects a value that is larger than any output may be without looking at it', () => {
    const records = createInputRecords([{ value: 'x'.repeat(1_100_000) }, { value: 'y'.repeat(1_048_588) }])
    const looks: number[] = []
    const counting: AnyDefinition = definitionOf(({ value }) => {
      looks.push(value?.length ?? -1)
      return reject('odd', '')
    })
    const { rejected, writes } = createStep(counting, 1_000)(records, at(1))
    expect(looks).toEqual([1_048_588])
    expect(rejected).toEqual(
      new Map([
        ['record_too_large', 1],
        ['odd', 1],
      ]),
    )
    const [letter] = decodeRuns([...writes].map((write) => write.records))
    expect(letter?.headers['__etl.original.size']?.toString()).toBe('1100000')
    expect(letter?.value?.toString()).toMatch(/^x+$/)
  })

  it('has nothing of one record in the next, however long they are', () => {
    const messages = ['m'.repeat(10_000), '1', 'é'.repeat(3_000), '', 'x'.repeat(5_000), '22']
    const { outputs } = convert(
      messages.map((message) => ({ value: JSON.stringify({ date: '2024-02-05 10:01:52.884548 -0500', message }) })),
    )
    const got = decodeRuns(outputs).map(
      ({ value }) => (JSON.parse(value?.toString() ?? '') as { message: string }).message,
    )
    expect(got).toEqual(messages)
  })

  it('writes nothing for no records', () => {
    expect(convert([])).toMatchObject({
      writes: [],
      outputCount: 0,
      lastEventTimeMs: undefined,
      lastRejection: undefined,
    })
  })

  it.each([
    ['the usual shape', good, 1_707_145_312_884.548],
    ['any other shape', good.replace(',', ' , '), 1_707_145_312_884.548],
    ['a time before 1970', '{"date":"1969-12-31 23:59:59.999999 +0000","message":"{\\"timestamp\\":8"}', -0.001],
  ])('has the event time of the last output, of %s', (_, value, eventTimeMs) => {
    const another = good.replace('2024', '2023')
    expect(convert([{ value: another }, { value }, { value: 'bad' }]).lastEventTimeMs).toBeCloseTo(eventTimeMs, 6)
    expect(convert([{ value: 'bad' }]).lastEventTimeMs).toBeUndefined()
  })

  it('gives its memory back once, when it is told to', () => {
    const given: Buffer[] = []
    const { take } = createRunMemory()
    const memory = { take, giveBack: (piece: Buffer) => void given.push(piece) }
    const converted = createConvert(undefined, memory)(createInputRecords([{ value: good }, { value: 'bad' }]), at(1))
    expect(given).toEqual([])
    converted.release()
    expect(given).toEqual([...converted.writes].map(({ records }) => records.memory))
  })
})
