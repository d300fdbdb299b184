import { Writable } from 'node:stream'
import { describe, expect, it } from '@jest/globals'
import { createLogger, type Clock } from '@kafka-etl/common'
import type { GroupMember } from '@kafka-etl/kafka'
import { Registry } from 'prom-client'
import { createEtlHealth } from '../src/health.js'
import { createLogSummary } from '../src/log-summary.js'
import { createEtlMetrics } from '../src/metrics.js'
import { runWatchdog, type Watched as WatchdogOptions } from '../src/watchdog.js'
import { emptyBatch } from './empty-batch.js'

type Ends =
  { readonly committed: string; readonly low?: string; readonly high: string; readonly end?: string } | 'silent'

const another = { memberId: 'b', clientId: 'etl-b', host: 'h', subscribedTopics: ['t'], assignment: { t: [0] } }

/** Runs the watchdog with a clock that only its own sleep advances; `onTick` sees each second. */
const run = async (
  ends: Ends,
  onTick: (second: number, watched: Watched) => void,
  assigned: readonly { readonly topic: string; readonly partition: number }[] = [{ topic: 't', partition: 0 }],
  members: readonly GroupMember[] = [],
  topicsWithUpdates: ReadonlySet<string> = new Set(),
): Promise<Watched & { end: string }> => {
  let nowMs = 0
  const lines: string[] = []
  const stopping = new AbortController()
  const health = createEtlHealth(0)
  const summary = createLogSummary()
  const registry = new Registry()
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push((JSON.parse(chunk.toString()) as { msg: string }).msg)
      done()
    },
  })
  const watched = { lines, health, summary, registry, stop: () => stopping.abort() }
  const clock: Clock = {
    epochMs: () => nowMs,
    now: () => ({ epochMs: nowMs, microsOfMs: 0 }),
    monotonicMs: () => nowMs,
    sleep: async (ms) => {
      // The queries' answers come first.
      await new Promise((resolve) => setImmediate(resolve))
      nowMs += ms
      onTick(nowMs / 1000, watched)
    },
  }
  const answer = <T>(value: T): Promise<T> =>
    ends === 'silent' ? new Promise<T>(() => undefined) : Promise.resolve(value)
  const { committed, low = '0', high, end: logEnd = high } = ends === 'silent' ? { committed: '', high: '' } : ends
  const admin: WatchdogOptions['admin'] = {
    readCommittedOffsets: () => {
      const offset = committed === '-1' ? undefined : BigInt(committed)
      return answer([{ topic: 't', partition: 0, offset, metadata: '' }])
    },
    readLogRanges: () =>
      answer([{ topic: 't', partition: 0, start: BigInt(low), end: BigInt(logEnd), stableEnd: BigInt(high) }]),
    describeGroup: () => answer({ state: 'Stable', protocolType: 'consumer', protocol: '', members }),
  }
  const settings = {
    groupId: 'g',
    stallSeconds: 60,
  }
  const logger = createLogger({ name: 'etl', settings: { logLevel: 'info', logFormat: 'json' }, stream })
  health.assigned(assigned, 0)
  const watching = runWatchdog(
    {
      context: { clock, logger, settings },
      topics: ['t'],
      topicsWithUpdates,
      admin,
      health,
      summary,
      metrics: createEtlMetrics(registry, { pipeline: 'p', topics: ['t'], reasons: [], warnings: [] }),
    },
    stopping.signal,
  )
  const end = await watching.then(
    () => `stopped after ${nowMs / 1000} s`,
    (error: unknown) => `${nowMs / 1000} s: ${error instanceof Error ? error.message : String(error)}`,
  )
  return { ...watched, end }
}

type Watched = {
  readonly lines: readonly string[]
  readonly health: ReturnType<typeof createEtlHealth>
  readonly summary: ReturnType<typeof createLogSummary>
  readonly registry: Registry
  readonly stop: () => void
}

describe('the watchdog', () => {
  it('ends when it is told to, and stays silent while nothing happens', async () => {
    const { end, lines } = await run({ committed: '5', high: '5' }, (second, { stop }) => second === 300 && stop())
    expect([end, lines]).toEqual(['stopped after 300 s', []])
  })

  it('fails when there is lag and no progress, not before its time', async () => {
    const { end } = await run({ committed: '3', high: '5' }, () => undefined)
    expect(end).toMatch(/^6[123] s: no progress: t\/0 has lag, and its offset 3 has not moved for 6\d s$/)
  })

  it('fails when Kafka does not answer at all', async () => {
    const { end } = await run('silent', () => undefined)
    expect(end).toBe('61 s: no progress: no answer from Kafka for 61 s')
  })

  it('counts no record that retention has taken away as lag of a new group', async () => {
    const { health } = await run({ committed: '-1', low: '90', high: '100' }, (second, { stop }) => {
      if (second === 3) stop()
    })
    expect(health.lags(3_000, 3_000)).toMatchObject([{ topic: 't', partition: 0, records: 10 }])
  })

  it('tells what happened once a second, lag included, and keeps the metrics of lag', async () => {
    const { lines, registry } = await run({ committed: '3', high: '5' }, (second, { summary, stop }) => {
      summary.add('t', 0, { ...emptyBatch, outputCount: second })
      if (second === 3) stop()
    })
    expect(lines).toEqual(['wrote 1 record (t: 1); 1/s, lag 2', 'wrote 2 records (t: 2); 2/s, lag 2'])
    expect(await registry.getSingleMetricAsString('etl_consumer_lag_records')).toContain(
      '{topic="t",partition="0",pipeline="p"} 2',
    )
  })

  it('fails when a partition is read by no member at all, and waits for one that another should read', async () => {
    const behind = { committed: '3', high: '5' }
    expect((await run(behind, () => undefined, [])).end).toMatch(
      /^6\d s: no progress: t\/0 has lag.*no member of the group g/,
    )
    const { health, lines, end } = await run(behind, (second, { stop }) => second === 300 && stop(), [], [another])
    expect(end).toBe('stopped after 300 s')
    expect(lines).toEqual([expect.stringMatching(/^t\/0 has lag.*etl-b \(h\) of the group g should read it$/)])
    expect(health.readiness(300_000)).toMatchObject({ ok: false, reason: expect.stringContaining('etl-b') as unknown })
  })

  it('takes a partition whose update has not ended yet for read, but not one without a reader', async () => {
    const behind = { committed: '3', high: '5' }
    const updates = new Set(['t'])
    const stopLate = (second: number, { stop }: Watched): unknown => second === 300 && stop()
    const { health, lines, end } = await run(behind, stopLate, [], [another], updates)
    expect([end, lines]).toEqual(['stopped after 300 s', []])
    expect(health.readiness(300_000)).toEqual({ ok: true })
    expect((await run(behind, stopLate, [], [], updates)).end).toMatch(/^6\d s: no progress: t\/0 .*no member/)
  })

  it('says what an open transaction holds back, and is not ready while it does', async () => {
    const ends = { committed: '5', high: '5', end: '8' }
    const { health, lines, end, registry } = await run(ends, (second, { stop }) => second === 100 && stop())
    expect([end, lines]).toEqual([
      'stopped after 100 s',
      [expect.stringMatching(/^t\/0 is held back.* 3 offsets.*doctor/)],
    ])
    expect(health.readiness(100_000)).toMatchObject({ ok: false })
    expect(await registry.getSingleMetricAsString('etl_held_back_records')).toContain(
      '{topic="t",partition="0",pipeline="p"} 3',
    )
  })
})
