import { beforeAll, expect, it } from '@jest/globals'
import { join } from 'node:path'
import { writeLoad } from '../support/load-writer.js'
import { createLoad, standardTopics } from '../support/log-generator.js'
import { headerText } from '../support/oracle-records.js'
import { withSharedBroker } from '../support/site.js'
import { superviseService } from '../support/supervisor.js'
import { reachVerdict } from '../support/verdict.js'

const topics = standardTopics(2)

withSharedBroker('the whole way, both services killed once', {}, (site) => {
  beforeAll(async () => {
    await site.oracle.createTopics(topics.map(({ topic, partitionCount }) => ({ name: topic, partitionCount })))
  }, 60_000)

  it('loses nothing, repeats nothing, reorders nothing, and sets every bad record aside', async () => {
    const records = createLoad({ seed: 1, count: 10_000, topics })
    const etl = await superviseService({ service: 'etl', bootstrap: site.kafka.bootstrap })
    await etl.current().waitForHttp('/ready', 200)
    const reader = await superviseService({ service: 'reader', bootstrap: site.kafka.bootstrap })
    const follower = site.oracle.follow('unified_timestamps')
    await writeLoad({ oracle: site.oracle, records: records.slice(0, 5_000) })
    await Promise.all([etl.kill9(), reader.kill9()])
    await writeLoad({ oracle: site.oracle, records: records.slice(5_000) })
    const resultsFile = join(reader.current().folder, 'results', 'results.csv')
    const inputTopics = topics.map(({ topic }) => topic)
    const { deadLetters } = await reachVerdict({ oracle: site.oracle, inputTopics, follower, resultsFile })
    const reasons = deadLetters.map((record) => [headerText(record, 'id'), headerText(record, '__etl.errors.reason')])
    const expected = records.flatMap(({ id, badReason }) => (badReason === undefined ? [] : [[id, badReason]]))
    expect(reasons.toSorted()).toEqual(expected.toSorted())
    expect(await etl.stop()).toEqual({ code: 0, signal: null })
    expect(await reader.stop()).toEqual({ code: 0, signal: null })
  }, 120_000)
})
