import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from '@jest/globals'
import { readPairs, writeAll } from '../integration/contract-case.js'
import { isGroupAtEnd } from '../support/cluster-checks.js'
import { resolveJars } from '../support/jars.js'
import { createCase } from '../support/service-case.js'
import { startServiceProcess } from '../support/service-process.js'
import { withBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'

const run = promisify(execFile)
const logCount = 12_000
const bytesPerSecond = 20_000

/** Limits how much every client may write to the broker per second (KIP-13). */
const limitProducers = async (bootstrap: string, jars: string): Promise<void> => {
  const entity = ['--entity-type', 'clients', '--entity-default']
  const change = ['--alter', '--add-config', `producer_byte_rate=${bytesPerSecond}`, ...entity]
  const command = ['kafka.admin.ConfigCommand', '--bootstrap-server', bootstrap, ...change]
  await run('java', ['-Xmx128m', '-cp', `${jars}/*`, ...command])
}

withBroker('a broker that throttles its producers', {}, (site) => {
  it('gets smaller transactions: a backlog of a minute is worked off without a restart', async () => {
    const own = createCase('throttled', ['America/New_York'])
    await site.oracle.createTopics([{ name: 'throttled-1', partitionCount: 1 }])
    const logs = Array.from({ length: logCount }, (_, index) => ({
      topic: 'throttled-1',
      value: `{"date":"2024-02-05 10:01:52.884548 -0500","message":"${index}"}`,
    }))
    await writeAll(site.oracle, logs)
    await limitProducers(site.kafka.bootstrap, await resolveJars(site.kafka.flavour))
    const startedMs = performance.now()
    const etl = await startServiceProcess({
      service: 'etl',
      bootstrap: site.kafka.bootstrap,
      environment: { ...own.environment, ETL_STALL_SECONDS: '30' },
    })
    await waitFor(() => etl.hasEnded() || isGroupAtEnd(site.oracle, own.group, ['throttled-1']), {
      what: 'the backlog to be worked off',
      deadlineMs: 240_000,
      everyMs: 1_000,
    })
    expect(await readPairs(site.oracle, own)).toHaveLength(logCount)
    expect(await etl.metric('etl_transactions_failed_total')).toBe(0)
    const seconds = Math.round((performance.now() - startedMs) / 1000)
    process.stdout.write(
      `${logCount} logs took ${seconds} s and ${await etl.metric('etl_transaction_seconds_count')} transactions\n`,
    )
    expect(await etl.terminate()).toEqual({ code: 0, signal: null })
  }, 400_000)
})
