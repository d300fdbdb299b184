import { inspect } from 'node:util'
import { beforeAll, expect, it, jest } from '@jest/globals'
import type { Server } from '@kafka-etl/local/broker'
import { runAdmin } from '../support/admin-process.js'
import { withEngine, type EngineSite } from '../support/engine-site.js'
import type { Follower } from '../support/oracle.js'
import { waitFor } from '../support/wait-for.js'
import {
  findOutOfOrder,
  logPartitions,
  logsSql,
  readChanges,
  readSums,
  readWindows,
  startSeededLoad,
} from './engine-oracle.js'
import { findGateway, isAlive, residentMb } from './engine-processes.js'
import { awaitMore, sumSql } from './engine-proof.js'
import { seed } from './seed.js'

jest.setTimeout(1_500_000)

const deadlineMs = 240_000

type Faults = 'kills' | 'ends and changes'

const optionsOf = (taskManagers: number) => ({
  topics: [
    { name: 'connector_updates', partitionCount: 1 },
    { name: 'unified_timestamps', partitionCount: logPartitions },
    // Compaction must not remove any sums before they are judged.
    { name: 'sum_latest', partitionCount: 1 },
    { name: 'logs_per_minute_live', partitionCount: 1 },
  ],
  taskManagers,
  sql: { 'sum.sql': sumSql, 'logs-per-minute.sql': logsSql },
})

const proveUnder = (faults: Faults, taskManagerCount: number, site: EngineSite): void => {
  let follower: Follower
  beforeAll(() => {
    follower = site.oracle.follow('sum')
  })

  it('come to what an oracle outside Flink computes of 200,000 records', async () => {
    const { kafka, oracle, engine } = site
    const { jobManager, taskManagers, service } = engine
    const parts = [jobManager, ...taskManagers, service]
    const seconds: Record<string, number> = {}
    const megabytes: Record<string, number> = {}
    const { zookeeper } = kafka
    if (zookeeper === undefined) throw new Error('Expected a Kafka with ZooKeeper')
    const load = startSeededLoad(oracle, seed)
    await awaitMore(follower, 'the first sums')
    /** The cause of a failed wait, for its message. */
    const describeStandstill = async (): Promise<string> => {
      const [jobs, problem] = [await engine.readJobs(), await engine.readProblem().catch(String)]
      const [open, offsets] = [await oracle.openTransactions('sum'), await oracle.offsets('sum')]
      return [`written ${load.written()}`, ...[jobs, problem, open, offsets].map((part) => inspect(part))].join('; ')
    }
    const during = async (what: string, fault: () => Promise<void>): Promise<void> => {
      const startMs = performance.now()
      await fault()
      await awaitMore(follower, `sums after ${what}`).catch(async (error: unknown) => {
        throw new Error(`${String(error)}; ${await describeStandstill()}`)
      })
      seconds[what] = Math.round((performance.now() - startMs) / 100) / 10
      process.stdout.write(`${what}: committed output again after ${seconds[what]} s\n`)
      await waitFor(async () => (await engine.readProblem().catch(String)) === undefined || undefined, {
        what: `every job at work after ${what}`,
        deadlineMs,
      })
    }
    const kill = (what: string, servers: readonly Server[]): Promise<void> =>
      during(`the kill of ${what}`, async () => {
        await Promise.all(servers.map((server) => server.kill9()))
        for (const server of servers.filter((one) => one === zookeeper || one === kafka.broker)) await server.restart()
        await Promise.all(
          servers.filter((one) => one !== zookeeper && one !== kafka.broker).map((server) => server.restart()),
        )
      })
    const runJobs = async (command: 'cancel' | 'savepoint'): Promise<void> => {
      const { code, stdout, stderr } = await runAdmin(['jobs', command, 'running-sum'], {
        bootstrap: kafka.bootstrap,
        environment: { ENGINE_REST_URL: engine.flinkUrl },
        deadlineMs,
      })
      expect({ code, stdout, stderr }).toMatchObject({ code: 0 })
    }
    /** Ends them one after the other, as `make down` does. */
    const terminate = async (server: Server): Promise<void> => {
      process.kill(server.pid(), 'SIGTERM')
      await waitFor(() => !isAlive(server.pid()) || undefined, { what: `the end of ${server.name}`, deadlineMs })
      await server.kill9()
    }

    megabytes.withoutGateway = parts.reduce((total, server) => total + residentMb(server.pid()), 0)
    const killParts = async (): Promise<void> => {
      await kill('a TaskManager', taskManagers.slice(0, 1))
      await kill('the JobManager', [jobManager])
      await kill('the engine service', [service])
      await kill('Kafka', [kafka.broker])
      await kill('ZooKeeper', [zookeeper])
      await kill('everything at once', [zookeeper, kafka.broker, ...parts])
    }
    const endAndChange = async (): Promise<void> => {
      await during('the end of everything by TERM, and its start', async () => {
        for (const server of [service, ...taskManagers, jobManager, kafka.broker, zookeeper]) await terminate(server)
        for (const server of [zookeeper, kafka.broker]) await server.restart()
        await Promise.all(parts.map((server) => server.restart()))
      })
      const adviceOfSum = async (): Promise<string | undefined> =>
        (await engine.readJobs()).find(({ name }) => name === 'job running-sum')?.advice
      expect(await adviceOfSum()).toBeUndefined()
      await during('a savepoint and a changed text', async () => {
        engine.writeSql({ 'sum.sql': sumSql.replace('1000 * UNIX_TIMESTAMP()', 'UNIX_TIMESTAMP() * 1000') })
        const advice = await waitFor(adviceOfSum, { what: 'the changed text to be told', deadlineMs })
        expect(advice).toContain(
          'runs with an older version of its SQL file: `npm run admin -- jobs savepoint running-sum`',
        )
        await runJobs('savepoint')
      })
      expect(await adviceOfSum()).toBeUndefined()
      await during('the kill of the gateway', async () => {
        // By hand: the engine submits it again, through a gateway.
        await runJobs('cancel')
        const gateway = await waitFor(() => findGateway(kafka.folder), { what: 'a gateway', deadlineMs })
        await waitFor(() => findGateway(kafka.folder) === undefined || residentMb(gateway) > 200 || undefined, {
          what: 'a gateway at work',
          deadlineMs,
        })
        megabytes.withGateway = [...parts.map((server) => server.pid()), gateway].reduce(
          (total, pid) => total + residentMb(pid),
          0,
        )
        process.kill(gateway, 'SIGKILL')
      })
    }
    await (faults === 'kills' ? killParts() : endAndChange())

    const expected = await load.stop(200_000)
    expect(expected.records).toBeGreaterThanOrEqual(200_000)
    await waitFor(() => follower.records.length >= expected.changes.length || undefined, {
      what: 'all sums',
      deadlineMs,
    })
    const windows = await waitFor(
      async () => {
        const read = readWindows(await oracle.readTopic('logs_per_minute'))
        return read.logs.size >= expected.logs.size ? read : undefined
      },
      { what: 'all windows', deadlineMs, everyMs: 1_000 },
    )
    process.stdout.write(
      `${taskManagerCount} TaskManagers, ${expected.records} records; committed output again after s: ${JSON.stringify(seconds)}; MB: ${JSON.stringify(megabytes)}\n`,
    )
    expect(readChanges(await oracle.readTopic('sum'))).toEqual(expected.changes)
    // Flink combines commits that it reads within 100 ms into one record: some sums are missing, but never the last
    // one.
    const latest = readSums(await oracle.readTopic('sum_latest'))
    expect(latest.at(-1)).toBe(expected.sums.at(-1))
    expect(findOutOfOrder(latest, expected.sums)).toBeUndefined()
    expect(windows).toEqual({ logs: expected.logs, twice: 0 })
    const live = readWindows(await oracle.readTopic('logs_per_minute_live')).logs
    for (const [key, count] of expected.logs) expect([key, live.get(key)]).toEqual([key, count])
    const slow = Object.entries(seconds).filter(
      ([what, taken]) => taken > (/everything|savepoint/.test(what) ? 45 : 20),
    )
    expect(slow).toEqual([])
    if (taskManagerCount === 1 && faults !== 'kills') {
      expect(megabytes.withGateway).toBeLessThan(2_000)
      expect(megabytes.withoutGateway).toBeLessThan(1_500)
    }
  })
}

for (const taskManagerCount of [1, 2]) {
  for (const faults of ['kills', 'ends and changes'] as const) {
    const what = `the pipelines’ jobs with ${taskManagerCount} TaskManagers under load and ${faults}`
    withEngine(what, optionsOf(taskManagerCount), (site) => {
      proveUnder(faults, taskManagerCount, site)
    })
  }
}
