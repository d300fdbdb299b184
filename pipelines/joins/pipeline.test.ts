import { describe, expect, it } from '@jest/globals'
import { testPipeline } from '@kafka-etl/pipeline/testing'
import { pipeline } from './pipeline.js'

describe('joins', () => {
  it('passes records on as they are, tombstones of tables included', () => {
    const run = testPipeline(pipeline)
    run.send('ttLeft', { b: 'one' }, { key: '1' })
    run.send('ttLeft', null, { key: '1' })
    expect(run.outputs('ttLeftValid')).toMatchObject([
      { key: '1', value: { b: 'one' } },
      { key: '1', value: null },
    ])
  })

  it('gives each the time of its event, from which Flink takes its own', () => {
    const run = testPipeline(pipeline)
    run.send('ssRight', { d: 'two' }, { key: '1' })
    expect(Object.keys(run.outputs('ssRightValid')[0]?.headers ?? {})).toContain('event_time')
  })

  it('rejects what Flink could not join, or not read', () => {
    const run = testPipeline(pipeline)
    run.send('stLeft', { b: 'one' })
    run.send('ssLeft', Buffer.from('not json'), { key: '1' })
    run.send('ssLeft', null, { key: '1' })
    run.send('ttRight', Buffer.from('{"d":2}'), { key: '1' })
    expect(run.deadLetters().map(({ topic, reason }) => [topic, reason])).toEqual([
      ['st_left', 'key_missing'],
      ['ss_left', 'value_not_json'],
      ['ss_left', 'value_empty'],
      ['tt_right', 'value_not_valid'],
    ])
  })
})
