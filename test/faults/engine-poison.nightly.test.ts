import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { startEngine, startKafkaForEngine, type TestEngine } from '../support/engine.js'
import type { TestKafka } from '../support/kafka.js'
import type { NewRecord } from '../support/oracle-records.js'
import { startOracle, type Oracle } from '../support/oracle.js'
import { waitFor } from '../support/wait-for.js'
import { describeJoined, joinSqlOf, joinTopics } from './engine-joins.js'

jest.setTimeout(600_000)

const wait = { deadlineMs: 180_000, everyMs: 500 }

const recordOf = (topic: string, value: string): NewRecord => ({
  ...{ topic, partition: 0, key: '1', value },
  headers: [{ name: 'event_time', value: '1700000000000' }],
})

describe('a record that Flink cannot read', () => {
  let kafka: TestKafka
  let oracle: Oracle
  let engine: TestEngine

  beforeAll(async () => {
    const site = await startKafkaForEngine()
    kafka = site.kafka
    oracle = await startOracle(kafka.bootstrap)
    await oracle.createTopics(joinTopics.map((name) => ({ name, partitionCount: 1 })))
    const { 'table-table.sql': tables = '', 'stream-stream.sql': streams = '' } = joinSqlOf(1)
    const sql = { 'table-table.sql': tables, 'stream-stream.sql': streams }
    const { bootstrap, folder } = kafka
    engine = await startEngine({ bootstrap, zookeeperPort: site.zookeeperPort, folder, taskManagers: 1, sql })
  })

  afterAll(async () => {
    await oracle.stop()
    await kafka.stop()
  })

  it('is named, stops its own job alone, and is not passed over; without it the job goes on', async () => {
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
