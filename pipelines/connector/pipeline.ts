import { csv, definePipeline, generated, json, rows, Type } from '@kafka-etl/pipeline'
import { afterMsOf, countRecords, makeRecord, updateCount } from './sample.js'

const Row = Type.Object({ value: Type.Integer() })
const SumChange = Type.Object({ sum: Type.Integer(), time: Type.Integer(), diff: Type.Integer() })
const Sum = Type.Object({ sum: Type.Integer() })
const Update = Type.Object({ commit: Type.Integer(), rows: Type.Array(Row) })

/** The rows of a CSV. They take effect together, once a `*COMMIT*` follows them. */
export const pipeline = definePipeline({
  name: 'connector',
  topics: {
    input: { name: 'connector_example', value: csv(Row), updates: '*COMMIT*', partitions: 1 },
    values: { name: 'connector_values', value: json(Row, { changes: true }) },
    // An update is one record, however many rows it has.
    updates: { name: 'connector_updates', value: json(Update), settings: { 'max.message.bytes': '8388608' } },
    // The engine writes these: the changes, and the latest values.
    sum: { name: 'sum', value: json(SumChange) },
    sumLatest: { name: 'sum_latest', value: json(Sum), settings: { 'cleanup.policy': 'compact' } },
  },
  steps: {
    input: {
      update: (update, { to, commit }) => [
        ...update.map((row) => to.values(row)),
        to.updates({ commit, rows: [...update] }),
      ],
    },
  },
  sample: {
    input: generated(makeRecord, { count: updateCount, rate: 1, noun: 'updates', recordsOf: countRecords, afterMsOf }),
  },
  results: {
    values: rows(['value', 'time', 'diff'], { first: true }),
    sum: rows(['sum', 'time', 'diff']),
  },
})
