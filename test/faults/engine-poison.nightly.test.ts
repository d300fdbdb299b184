import { expect, it, jest } from '@jest/globals'
import { withEngine } from '../support/engine-site.js'
import type { NewRecord } from '../support/oracle-records.js'
import { waitFor } from '../support/wait-for.js'
import { describeJoined, joinSqlOf, joinTopics } from './engine-joins.js'

jest.setTimeout(600_000)

const wait = { deadlineMs: 180_000, everyMs: 500 }

const recordOf = (topic: string, value: string): NewRecord => ({
  ...{ topic, partition: 0, key: '1', value },
  headers: [{ name: 'event_time', value: '1700000000000' }],
})

const { 'table-table.sql': tables = '', 'stream-stream.sql': streams = '' } = joinSqlOf(1)
const options = {
  topics: joinTopics.map((name) => ({ name, partitionCount: 1 })),
  taskManagers: 1,
  sql: { 'table-table.sql': tables, 'stream-stream.sql': streams },
}

withEngine('a record that Flink cannot read', options, (site) => {
  it('is named, stops its own job alone, and is not passed over; without it the job goes on', async () => {
    const { oracle, engine } = site
    const awaitJoined = (topic: string, expected: readonly string[]): Promise<unknown> =>
      waitFor(
        async () => {
          const joined = (await oracle.readTopic(topic)).map(describeJoined)
          return joined.toSorted().join() === expected.join() || undefined
        },
        { what: `${expected.join()} in ${topic}`, ...wait },
      )
    await oracle.write([recordOf('ss_left_valid', '{"b":"one"}'), recordOf('ss_right_valid', '{"d":"two"}')])
    await awaitJoined('ss_joined', ['1:one+two'])

    await oracle.write([recordOf('ss_left_valid', 'not json'), recordOf('ss_left_valid', '{"b":"three"}')])
    const problem = await waitFor(
      async () => {
        const told = await engine.readProblem()
        return told?.includes('join-stream-stream restarts without end') === true ? told : undefined
      },
      { what: 'the job that cannot go on to be told', ...wait },
    )
    expect(problem).not.toContain('join-table-table')
    await oracle.write([recordOf('tt_left_valid', '{"b":"one"}'), recordOf('tt_right_valid', '{"d":"two"}')])
    await awaitJoined('tt_joined', ['1:one+two'])
    expect((await oracle.readTopic('ss_joined')).map(describeJoined)).toEqual(['1:one+two'])

    await oracle.deleteRecords('ss_left_valid', 0, 2n)
    await awaitJoined('ss_joined', ['1:one+two', '1:three+two'])
    await waitFor(async () => (await engine.readProblem()) === undefined || undefined, {
      what: 'every job to work again',
      ...wait,
    })
  })
})
