import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { SettingsError } from '@kafka-etl/common'
import { csv, definePipeline, generated, json, lines, Type, type AnyDefinition } from '@kafka-etl/pipeline'
import { createStream } from '../../src/stream/stream-of-pipeline.js'
import type { Stream } from '../../src/stream/stream.js'

const folder = mkdtempSync(join(tmpdir(), 'stream-'))
afterAll(() => rmSync(folder, { recursive: true }))

const write = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const Order = Type.Object({ id: Type.String(), cents: Type.Integer() })
const Row = Type.Object({ id: Type.Integer() })

const pipelineWith = (sample: AnyDefinition['sample']): AnyDefinition => ({
  ...definePipeline({
    name: 'orders',
    topics: {
      orders: { name: 'orders-in', value: json(Order), key: ({ id }: { id: string }) => id },
      rows: { name: 'rows-in', value: csv(Row) },
      out: { name: 'orders-out', value: json(Order) },
    },
    steps: { orders: ({ value }, { to }) => to.out(value), rows: () => [] },
  }).define({}),
  ...(sample ? { sample } : {}),
})

const one = definePipeline({
  name: 'one',
  topics: { orders: { name: 'orders-in', value: json(Order) } },
  steps: { orders: () => [] },
}).define({})

const streamOf = (sample: AnyDefinition['sample'], file = ''): Stream =>
  createStream({ definition: pipelineWith(sample), folder, file, seed: 7 })

const now = { epochMs: 5, microsOfMs: 0 }

const recordOf = (stream: Stream, index: number) => {
  const { key, value, timestampMs } = stream.recordAt(index, now)
  const topic = stream.topics[stream.topicAt(index)]?.name
  return { topic, key: key?.toString() ?? null, value: value === null ? null : String(value), timestampMs }
}

describe('a file of values', () => {
  it('is sent line by line, in rounds, keyed as the topic says', () => {
    write('orders.jsonl', '{"id":"a","cents":1}\r\nbroken\n')
    const stream = streamOf({ orders: lines('orders.jsonl') })
    expect(stream).toMatchObject({ rate: 500, count: 2, noun: 'lines', topics: [{ name: 'orders-in' }] })
    expect([0, 1, 2].map((index) => recordOf(stream, index))).toEqual([
      { topic: 'orders-in', key: 'a', value: '{"id":"a","cents":1}', timestampMs: 5 },
      { topic: 'orders-in', key: null, value: 'broken', timestampMs: 5 },
      { topic: 'orders-in', key: 'a', value: '{"id":"a","cents":1}', timestampMs: 5 },
    ])
  })

  it('is another stream when it has changed', () => {
    write('changing.jsonl', '1')
    const { id } = streamOf({ orders: lines('changing.jsonl') })
    expect(streamOf({ orders: lines('changing.jsonl') }).id).toBe(id)
    write('changing.jsonl', '2')
    expect(streamOf({ orders: lines('changing.jsonl') }).id).not.toBe(id)
  })
})

describe('a file whose lines name their topics', () => {
  it('is sent in its order, with keys, times and pauses of its own', () => {
    write(
      'all.jsonl',
      [
        '{"topic":"orders","value":{"id":"b","cents":10,"rate":10.50}}',
        '{"topic":"rows","value":"id\\n1","key":"k","timestampMs":77}',
        '{"topic":"rows-in","value":{"id":2},"key":5,"afterMs":250}',
        '{"topic":"orders","key":"b","value":null}',
        '{"topic":"orders","value":"not json"}',
      ].join('\n'),
    )
    const stream = streamOf(lines('all.jsonl', { rate: 5 }))
    expect(stream).toMatchObject({ rate: 5, count: 5, isOrdered: true })
    expect(stream.topics.map(({ name }) => name)).toEqual(['orders-in', 'rows-in'])
    expect([0, 1, 2, 3, 4].map((index) => recordOf(stream, index))).toEqual([
      { topic: 'orders-in', key: 'b', value: '{"id":"b","cents":10,"rate":10.50}', timestampMs: 5 },
      { topic: 'rows-in', key: 'k', value: 'id\n1', timestampMs: 77 },
      { topic: 'rows-in', key: '5', value: '2', timestampMs: 5 },
      { topic: 'orders-in', key: 'b', value: null, timestampMs: 5 },
      { topic: 'orders-in', key: null, value: 'not json', timestampMs: 5 },
    ])
    expect([0, 2, 7].map(stream.afterMsAt)).toEqual([undefined, 250, 250])
  })
})

describe("a user's own file", () => {
  const faultOf = (text: string, definition: AnyDefinition = pipelineWith(undefined)): string => {
    const file = write('own.jsonl', text)
    try {
      createStream({ definition, folder, file, seed: 0 })
    } catch (error) {
      if (error instanceof SettingsError) return error.message
      throw error
    }
    return 'none'
  }

  it.each([
    [
      '{"topic":"orders","value":{}}\n{"topic":"nowhere","value":1}',
      /line 2: expected topic to be one of orders, rows, out, got nowhere/,
    ],
    ['{"topic":"orders","value":{}}\n{"topic":"orders"', /line 2: expected an object in JSON/],
    ['{"topic":"orders","value":{}}\n\n', /line 2: expected an object in JSON/],
    ['{"topic":"orders"}', /line 1: expected a value, or null, got none/],
    ['{"topic":"orders","value":1,"when":2}', /line 1: expected the fields .*, got when/],
    ['{"topic":"orders","value":1,"afterMs":-1}', /line 1: expected afterMs to be milliseconds from 0, got -1/],
    ['{"topic":"rows","value":{"id":"x"}}', /line 1: rows: /],
    ['', /expected at least one line/],
  ])('is refused: %s', (text, fault) => expect(faultOf(text)).toMatch(fault))

  it('is refused if it cannot be read', () => {
    const read = () => createStream({ definition: one, folder, file: join(folder, 'nowhere.jsonl'), seed: 0 })
    expect(read).toThrow(/PRODUCER_FILE: expected a readable file, got .*nowhere\.jsonl/)
  })

  it('may hold values alone if the pipeline reads one topic', () => {
    const file = write('values.jsonl', '{"id":"a"}\n[1]')
    const stream = createStream({ definition: one, folder, file, seed: 0 })
    expect(recordOf(stream, 1)).toMatchObject({ topic: 'orders-in', value: '[1]' })
    expect(faultOf('{"id":"a"}\n{"id"', one)).toMatch(/line 2: expected JSON/)
  })
})

describe('a sample that is made', () => {
  it('gives texts, bytes, or values that the topic encodes, to the topics that it names', () => {
    const stream = streamOf(
      generated((index) => (index === 0 ? { value: { id: 'x', cents: 1 } } : { value: { id: index }, key: 'own' }), {
        count: 3,
        topicOf: (index) => (index === 0 ? 'orders' : 'rows-in'),
      }),
    )
    expect([0, 1].map((index) => recordOf(stream, index))).toMatchObject([
      { topic: 'orders-in', key: 'x', value: '{"id":"x","cents":1}' },
      { topic: 'rows-in', key: 'own', value: '1' },
    ])
  })

  it('may count updates of several records, behind a header that is sent once', () => {
    const stream = streamOf({
      rows: generated(
        (index) => (index === 0 ? 'value' : index % 2 === 1 ? String(((index - 1) / 2) % 10) : '*COMMIT*'),
        {
          count: 10,
          rate: 1,
          recordsOf: (updates) => (updates === 0 ? 0 : 1 + 2 * updates),
          afterMsOf: (index) => (index === 1 ? 5_000 : undefined),
        },
      ),
    })
    expect([0, 1, 2, 3, 20, 21].map((index) => recordOf(stream, index).value)).toEqual([
      'value',
      '0',
      '*COMMIT*',
      '1',
      '*COMMIT*',
      '0',
    ])
    expect(stream.recordsOf(stream.count)).toBe(21)
  })
})

describe('samples of several topics', () => {
  it('are sent in turns, until each has ended', () => {
    write('a.jsonl', '1\n2\n3\n4')
    write('b.csv', 'id')
    const stream = streamOf({ orders: lines('a.jsonl', { rate: 10 }), rows: lines('b.csv', { rate: 20 }) })
    expect(stream).toMatchObject({ rate: 20, count: 5 })
    const whole = Array.from({ length: 10 }, (_, index) => recordOf(stream, index).value)
    expect(whole.join()).toBe('1,id,2,3,4,1,id,2,3,4')
  })
})

it('is refused without a sample', () => {
  expect(() => streamOf(undefined)).toThrow(/expected pipeline orders to have a sample, or PRODUCER_FILE to be set/)
})
