import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { csv, definePipeline, drop, json, reject, Type } from '../src/index.js'
import { createOpenRun, type PartitionState } from '../src/partition-run.js'
import { makeAll } from '../src/step-outcome.js'
import { defaultNames } from '../src/names.js'
import { planTopology } from '../src/topology.js'
import { testPipeline } from '../src/testing.js'

const Row = Type.Object({ value: Type.Integer() })
const Update = Type.Object({ commit: Type.Integer(), rows: Type.Array(Row) })

const pipeline = definePipeline({
  name: 'connector',
  topics: {
    input: { name: 'input', value: csv(Row), updates: '*COMMIT*', partitions: 2 },
    values: { name: 'values', value: json(Row, { changes: true }) },
    updates: { name: 'updates', value: json(Update) },
    again: { name: 'again', value: json(Row), updates: 'END' },
  },
  reasons: ['too_many'],
  steps: {
    input: {
      update: (rows, { to, commit }) => {
        if (rows.length > 3) return reject('too_many', `expected at most 3 rows, got ${rows.length}`)
        if (rows.some(({ value }) => value === 0)) return drop('zero')
        return [...rows.map((row) => to.values(row)), to.updates({ commit, rows: [...rows] })]
      },
    },
    again: ({ value }, { to }) => (value.value < 0 ? drop('negative') : to.values(value)),
  },
})

const send = (...records: readonly string[]) => {
  const run = testPipeline(pipeline, { handledAtMs: 5 })
  for (const record of records) run.send('input', record)
  return run
}
const commit = '*COMMIT*'

describe('updates', () => {
  it('become visible at their end, together, with their number', () => {
    const run = send('value', '1', '2')
    expect(run.outputs('values')).toEqual([])
    run.send('input', commit)
    expect(run.outputs('values').map(({ value, headers }) => [value, headers.source])).toEqual([
      [{ value: 1, time: 5, diff: 1 }, 'input/0/3'],
      [{ value: 2, time: 5, diff: 1 }, 'input/0/3/1'],
    ])
    expect(run.outputs('updates').map(({ value }) => value)).toEqual([
      { commit: 1, rows: [{ value: 1 }, { value: 2 }] },
    ])
  })

  it('may be empty, and count then too', () => {
    const run = send(commit, 'value', commit, commit, '7', commit)
    expect(run.outputs('updates').map(({ value }) => value)).toEqual([{ commit: 4, rows: [{ value: 7 }] }])
  })

  it('end at exactly that text', () => {
    const run = send('value', '1', '*COMMIT*\n', '*commit*', ' *COMMIT*', commit)
    expect(run.outputs('updates').map(({ value }) => value)).toEqual([{ commit: 1, rows: [{ value: 1 }] }])
    expect(run.deadLetters().map(({ reason }) => reason)).toEqual(Array(3).fill('csv_row_invalid'))
  })

  it('set aside rows that are no rows, at their end', () => {
    const run = send('value', '1', 'x')
    expect(run.deadLetters()).toEqual([])
    run.send('input', commit)
    expect(run.deadLetters().map(({ reason, value }) => [reason, String(value)])).toEqual([['csv_row_invalid', 'x']])
    expect(run.outputs('values')).toHaveLength(1)
  })

  it('are rejected or dropped whole by their step, headers aside', () => {
    const run = send('value', '1', 'x', '2\n3\n4', commit, '0', commit)
    expect(run.outputs('values')).toEqual([])
    expect(run.deadLetters().map(({ reason, value }) => [reason, String(value)])).toEqual([
      ['too_many', '1'],
      ['csv_row_invalid', 'x'],
      ['too_many', '2\n3\n4'],
    ])
    expect(run.dropped()).toEqual({ zero: 1 })
  })

  it('are each partition its own', () => {
    const run = testPipeline(pipeline)
    for (const partition of [0, 1]) run.send('input', 'value\n5', { partition })
    run.send('input', commit, { partition: 1 })
    expect(run.outputs('updates').map(({ value, partition }) => [value, partition])).toEqual([
      [{ commit: 1, rows: [{ value: 5 }] }, 2],
    ])
  })

  it('hold what a step makes of single records', () => {
    const run = testPipeline(pipeline)
    run.send('again', { value: 1 })
    run.send('again', { value: -1 })
    expect([run.outputs('values').length, run.dropped()]).toEqual([0, {}])
    run.send('again', 'END')
    expect(run.outputs('values').map(({ headers }) => headers.source)).toEqual(['again/0/0'])
    expect(run.dropped()).toEqual({ negative: 1 })
  })

  it('need a topic with updates', () => {
    const wrong = definePipeline({
      name: 'wrong',
      topics: { input: { name: 'input', value: csv(Row) }, output: { name: 'output', value: csv(Row) } },
      steps: {
        input: { update: (_rows, { to }) => to.output({ value: 1 }) },
        output: () => drop('read'),
      },
    })
    expect(() => testPipeline(wrong)).toThrow(
      "steps.input: expected topics.input.updates for a step of updates, got none\ntopics.output: expected csv with `header: 'none'`",
    )
  })

  it('refuse a wrong row of an update', () => {
    definePipeline({
      name: 'x',
      topics: { input: { name: 'input', value: json(Row), updates: commit } },
      steps: {
        input: {
          // @ts-expect-error value is a number
          update: (rows, { to }) => rows.map(({ value }) => to.input({ value: `${value}` })),
        },
      },
    })
  })
})

describe('the run of a partition', () => {
  const definition = pipeline.define({})
  const topology = planTopology(definition, defaultNames('connector'), new Map())
  const [source] = topology.sources
  if (!source) throw new Error('expected a source')
  const open = createOpenRun(definition, topology, source)

  /** What the records from `first` on produce, each with its position, and the state after each of them. */
  const read = (records: readonly string[], first: number, start: PartitionState) => {
    const run = open(start)
    return records.slice(first).map((text, index) => {
      const record = {
        topic: 'input',
        partition: 0,
        offset: BigInt(first + index),
        key: null,
        headers: [],
        timestampMs: 0,
        handledAtMs: 5,
      }
      const outcome = makeAll(run.run({ ...record, value: Buffer.from(text) }))
      return { outcome, state: run.state() }
    })
  }

  it('goes on behind any end of an update as if it had not stopped', () => {
    const record = fc.constantFrom('value', 'more,value', '1', '2,3', 'x', commit, '')
    fc.assert(
      fc.property(fc.array(record), (records) => {
        const whole = read(records, 0, {})
        records.forEach((text, index) => {
          if (text !== commit) return
          const rest = read(records, index + 1, whole[index]?.state ?? {})
          expect(rest).toEqual(whole.slice(index + 1))
        })
        expect(whole.at(-1)?.state.commits ?? 0).toBe(records.filter((text) => text === commit).length)
      }),
    )
  })
})
