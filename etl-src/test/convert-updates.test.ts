import { createRunMemory, type PartitionWrite, type RecordView, type RecordViews } from '@kafka-etl/kafka'
import { definePipeline, planTopology, raw, reject } from '@kafka-etl/pipeline'
import { describe, expect, it } from '@jest/globals'
import { createConvertBatch, type ConvertedBatch } from '../src/convert-batch.js'
import { createInputRecords, decodeRuns } from './decode-run.js'

const end = 'END'

/** Produces a short output for each row, and for each update one that holds all of it. */
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

type Written = ConvertedBatch & { readonly writes: readonly PartitionWrite[] }

const convertAll = (records: RecordViews): Written => {
  const converted = convertBatch(records, { handledAtMs: 1, state: { commits: 5 } })
  const writes = [...converted.writes]
  return { ...converted, writes }
}
const convert = (...values: readonly string[]): Written =>
  convertAll(createInputRecords(values.map((value) => ({ value }))))

const writtenTo = ({ writes }: Written, topic: string) =>
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

  it('are set aside part by part, so that their dead letters are never all in memory', () => {
    const values = [...Array.from({ length: 2_000 }, (_, index) => `odd ${index}`), end, 'a', end]
    const records = createInputRecords(values.map((value) => ({ value })))
    const taken: string[] = []
    const parts = [records.slice(0, 1_000), records.slice(1_000)].map((part, index) => ({
      forEach: (visit: (record: RecordView) => void) => {
        taken.push(`part ${index}`)
        part.forEach(visit)
      },
    }))
    const { writes, ...converted } = convertBatch(
      { forEach: (visit) => records.forEach(visit), parts },
      { handledAtMs: 1, state: { commits: 5 } },
    )
    expect(converted.state).toEqual({ commits: 7 })
    const runs: PartitionWrite[] = []
    for (const write of writes) {
      taken.push(write.topic)
      runs.push(write)
    }
    expect(taken.slice(0, 2)).toEqual(['part 0', 'd'])
    expect(taken.indexOf('part 1')).toBeLessThan(taken.lastIndexOf('d'))
    expect(decodeRuns(runs.filter(({ topic }) => topic === 'd').map(({ records }) => records))).toHaveLength(2_000)
    expect(taken.at(-1)).toBe('d')
  })
})
