import { createRunMemory } from '@kafka-etl/kafka'
import { definePipeline, planTopology, raw, reject } from '@kafka-etl/pipeline'
import { describe, expect, it } from '@jest/globals'
import { createConvertBatch, type ConvertedBatch } from '../src/convert-batch.js'
import { createInputRecords, decodeRuns } from './decode-run.js'

const end = 'END'

/** Of each row a short output, and of each update one that holds all of it. */
const definition = definePipeline({
  name: 'x',
  topics: {
    in: { name: 'in', value: raw(), updates: end },
    rows: { name: 'rows', value: raw() },
    whole: { name: 'whole', value: raw() },
  },
  reasons: ['odd'],
  steps: {
    in: {
      update: (rows, { to }) => {
        const data = rows.map((row) => row.data).join('')
        if (data.includes('odd')) return reject('odd', `Expected nothing odd, got ${data}`)
        return [...rows.map((row) => to.rows(row)), to.whole({ data })]
      },
    },
  },
}).define({})

const topology = planTopology(definition, { groupId: 'g', deadLetterTopic: 'd' }, new Map())
const [source] = topology.sources
if (!source) throw new Error('expected a source')
const limits = new Map([
  ['rows', 10_000],
  ['whole', 400],
  ['d', 10_000],
])
const convertBatch = createConvertBatch({
  definition,
  topology,
  source,
  partition: 0,
  limits,
  memory: createRunMemory(),
})

const convert = (...values: readonly string[]): ConvertedBatch =>
  convertBatch(createInputRecords(values.map((value) => ({ value }))), { handledAtMs: 1, state: { commits: 5 } })

const writtenTo = ({ writes }: ConvertedBatch, topic: string) =>
  decodeRuns(writes.filter((write) => write.topic === topic).map(({ records }) => records)).map(({ value, headers }) =>
    [String(value), String(headers['__etl.errors.reason'] ?? headers.source)].join(' '),
  )

describe('updates of a batch', () => {
  it('are converted one after the other', () => {
    const converted = convert('a', 'b', end, end, 'c', end)
    expect(writtenTo(converted, 'rows')).toEqual(['a in/0/102', 'b in/0/102/1', 'c in/0/105'])
    expect(writtenTo(converted, 'whole')).toEqual(['ab in/0/102', 'c in/0/105'])
    expect([writtenTo(converted, 'd'), converted.state]).toEqual([[], { commits: 8 }])
  })

  it('are set aside whole if one output is too large, a dead letter a row, and the others pass', () => {
    const large = 'x'.repeat(300)
    const converted = convert('a', end, large, large, end, 'odd', 'b', end, 'c', end)
    expect(writtenTo(converted, 'rows')).toEqual(['a in/0/101', 'c in/0/109'])
    expect(writtenTo(converted, 'whole')).toEqual(['a in/0/101', 'c in/0/109'])
    expect(writtenTo(converted, 'd')).toEqual([
      `${large} record_too_large`,
      `${large} record_too_large`,
      'odd odd',
      'b odd',
    ])
    expect([converted.outputCount, converted.state]).toEqual([4, { commits: 9 }])
    expect(converted.rejected).toEqual(
      new Map([
        ['record_too_large', 2],
        ['odd', 2],
      ]),
    )
  })
})
