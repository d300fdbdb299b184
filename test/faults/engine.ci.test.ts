import { expect, it, jest } from '@jest/globals'
import { describeJoined, expectedJoins, joinSqlOf, joinTopics, writeJoinInputs } from './engine-joins.js'
import { withEngine } from '../support/engine-site.js'
import { waitFor } from '../support/wait-for.js'
import { sumSql } from './engine-proof.js'
import { makeLastRides, makeRides, rideSqlOf, rideTopics, startMs, zoneRecord } from './engine-rides.js'
import { awaitRides } from './engine-rides-verdict.js'

jest.setTimeout(600_000)

const rowOf = (value: Buffer | null): { sum: number; diff: number } => JSON.parse(String(value)) as never

const options = {
  topics: [
    { name: 'connector_updates', partitionCount: 1 },
    ...joinTopics.map((name) => ({ name, partitionCount: 1 })),
    ...rideTopics,
  ],
  taskManagers: 1,
  sql: { ...joinSqlOf(1), ...rideSqlOf(1), 'sum.sql': sumSql },
}

withEngine('the engine', options, (site) => {
  it("sums Pathway's numbers: a change for each commit, and no sum of half a commit", async () => {
    // Ten commits: their sums are 0, 1, 3, 6 … 45.
    const commits = Array.from({ length: 10 }, (_, commit) => ({
      commit,
      rows: [{ value: commit }, { value: 100 }, { value: -100 }],
    }))
    await site.oracle.write(commits.map((commit) => ({ topic: 'connector_updates', value: JSON.stringify(commit) })))
    // It does not change the sum.
    await site.oracle.write([{ topic: 'connector_updates', value: '{"commit":10,"rows":[{"value":7},{"value":-7}]}' }])
    const rows = await waitFor(
      async () => {
        const read = (await site.oracle.readTopic('sum')).map(({ value }) => rowOf(value))
        return read.length >= 19 ? read : undefined
      },
      { what: 'the 19 rows of the sum', deadlineMs: 120_000, everyMs: 500 },
    )
    expect(rows.map(({ sum, diff }) => [sum, diff])).toEqual([
      [0, 1],
      ...[0, 1, 3, 6, 10, 15, 21, 28, 36].flatMap((sum, index) => [
        [sum, -1],
        [sum + index + 1, 1],
      ]),
    ])
  })

  it('joins as ksqlDB does, tombstones included', async () => {
    await writeJoinInputs(site.oracle)
    for (const [topic, expected] of Object.entries(expectedJoins)) {
      const joined = await waitFor(
        async () => {
          const read = await site.oracle.readTopic(topic)
          return read.length >= expected.length ? read.map(describeJoined) : undefined
        },
        { what: `${expected.length} records of ${topic}`, deadlineMs: 120_000, everyMs: 500 },
      )
      expect(joined.toSorted()).toEqual(expected.toSorted())
    }
  })

  it('counts rides in windows, sets late ones apart, and names zones as they were', async () => {
    const count = 10_000
    const renamedMs = startMs + 200_000
    await site.oracle.write([
      ...Array.from({ length: 39 }, (_, index) => zoneRecord(index + 1, `Zone ${index + 1}`, 0)),
      zoneRecord(7, 'Zone 7, renamed', renamedMs),
      zoneRecord(8, null, renamedMs),
      // The change that takes effect first comes last.
      zoneRecord(9, 'Zone 9, renamed again', renamedMs + 60_000),
      zoneRecord(9, 'Zone 9, renamed', renamedMs),
    ])
    await site.oracle.write(makeRides(0, count, 1))
    await site.oracle.write(makeLastRides(count))
    const zoneOf = (id: number, pickupMs: number): string | null => {
      if (id === 40 || (id === 8 && pickupMs >= renamedMs)) return null
      if (id === 9 && pickupMs >= renamedMs + 60_000) return 'Zone 9, renamed again'
      return (id === 7 || id === 9) && pickupMs >= renamedMs ? `Zone ${id}, renamed` : `Zone ${id}`
    }
    expect(await awaitRides(site.oracle, zoneOf)).toEqual({ lost: 0, twice: 0, wrong: 0 })
  })
})
