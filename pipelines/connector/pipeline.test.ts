import { describe, expect, it } from '@jest/globals'
import { testPipeline } from '@kafka-etl/pipeline/testing'
import { pipeline } from './pipeline.js'
import { afterMsOf, countRecords, makeRecord } from './sample.js'

const commit = '*COMMIT*'

const send = (...records: readonly string[]) => {
  const run = testPipeline(pipeline, { handledAtMs: 1_707_217_879_944 })
  for (const record of records) run.send('input', record)
  return run
}

describe('connector', () => {
  it("shows the guide's numbers, each with its COMMIT", () => {
    const records = Array.from({ length: countRecords(10) }, (_, index) => makeRecord(index))
    expect(records.slice(0, 5)).toEqual(['value', '0', commit, '1', commit])
    const run = send(...records)
    expect(run.outputs('values').map(({ value }) => (value as { readonly value: number }).value)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    ])
    expect(run.outputs('updates')[3]).toMatchObject({
      value: { commit: 4, rows: [{ value: 3 }] },
      headers: { source: 'connector_example/0/8' },
    })
    expect(run.rows('values').split('\n').slice(0, 2)).toEqual(['value,time,diff', '0,1707217879944,1'])
    expect(run.deadLetters()).toEqual([])
  })

  it('shows nothing of an update until its COMMIT, then all of it', () => {
    const run = send('value', '1', '2\n3\n')
    expect(run.outputs('values')).toEqual([])
    run.send('input', commit)
    expect(run.outputs('values').map(({ headers }) => headers.source)).toEqual([
      'connector_example/0/3',
      'connector_example/0/3/1',
      'connector_example/0/3/2',
    ])
    expect(run.outputs('updates').map(({ value }) => value)).toEqual([
      { commit: 1, rows: [{ value: 1 }, { value: 2 }, { value: 3 }] },
    ])
  })

  it('writes no record for an empty update, and counts it', () => {
    const run = send('value', commit, commit, '7', commit)
    expect(run.outputs('updates').map(({ value }) => value)).toEqual([{ commit: 3, rows: [{ value: 7 }] }])
  })

  it('sets a row aside that is none, and keeps the others of its update', () => {
    const run = send('value', '1', 'two', '3', commit)
    expect(run.deadLetters()).toEqual([
      {
        topic: 'connector_example',
        reason: 'csv_row_invalid',
        message: 'expected value to be an integer between -2^53 and 2^53, got "two"',
        value: Buffer.from('two'),
      },
    ])
    expect(run.outputs('values')).toHaveLength(2)
  })
})

describe('the sample', () => {
  it('repeats the numbers, never the header', () => {
    const records = Array.from({ length: countRecords(25) }, (_, index) => makeRecord(index))
    expect(records.filter((record) => record === 'value')).toHaveLength(1)
    expect(records.filter((record) => record === commit)).toHaveLength(25)
    expect(records.slice(-2)).toEqual(['4', commit])
  })

  it('pauses behind the header alone', () => {
    expect([0, 1, 2, 3].map(afterMsOf)).toEqual([undefined, 5_000, undefined, undefined])
  })
})
