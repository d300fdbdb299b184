import { expect, it, jest } from '@jest/globals'
import { withEngine } from '../support/engine-site.js'
import type { TestKafka } from '../support/kafka.js'
import { waitFor, within } from '../support/wait-for.js'
import { judgeSequence, partitionCount, recordOf, sequenceSql } from './engine-proof.js'

jest.setTimeout(900_000)

const count = 2_000
const witnessMs = 15_000
const witness = 'witness'

const options = {
  topics: [
    { name: 'sequence_in', partitionCount },
    { name: 'sequence_out', partitionCount },
    { name: witness, partitionCount: 1 },
  ],
  taskManagers: 1,
  sql: { 'sequence.sql': sequenceSql },
  environment: { ENGINE_TRANSACTION_TIMEOUT_MS: '604800000' },
  // The broker aborts a transaction that is open for longer than its timeout: Kafka's own limit is 15 minutes.
  kafka: {
    proxies: ['flink'],
    settings: {
      'transaction.max.timeout.ms': '604800000',
      'transaction.abort.timed.out.transaction.cleanup.interval.ms': '500',
    },
  },
  bootstrapOf: (kafka: TestKafka) => kafka.proxy('flink').bootstrap,
}

withEngine('an engine that dies between a checkpoint and its commit, and stays away', options, (site) => {
  it('loses nothing of what the checkpoint holds', async () => {
    const { kafka, oracle, engine } = site
    const parts = [engine.jobManager, ...engine.taskManagers, engine.service]
    const commits = kafka
      .proxy('flink')
      .inject('dropRequest', { api: 'endTxn', count: Infinity, body: 'engine-sequence' })
    await oracle.write(Array.from({ length: count }, (_, id) => recordOf(id)))
    await within(commits.fired, { what: 'the commit after a checkpoint', deadlineMs: 120_000 })
    await Promise.all(parts.map((server) => server.kill9()))
    commits.remove()
    // A transaction like Flink's except for its timeout, at which the broker aborts it.
    const settings = { 'transaction.timeout.ms': String(witnessMs) }
    await oracle.write([{ topic: witness, value: '1' }], { transactionalId: witness, settings })
    const isEnded = async (): Promise<boolean> => (await oracle.openTransactions(witness)).length === 0
    await waitFor(async () => (await isEnded()) || undefined, { what: 'the end of the witness', deadlineMs: 120_000 })
    await Promise.all(parts.map((server) => server.restart()))
    const values = await waitFor(
      async () => {
        const records = await oracle.readTopic('sequence_out')
        return records.length >= count ? records.map(({ value }) => value) : undefined
      },
      { what: 'all counts', deadlineMs: 180_000, everyMs: 500 },
    )
    expect(judgeSequence(values, count)).toEqual({ lost: 0, twice: 0, wrong: 0 })
  })
})
