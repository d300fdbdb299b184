import { Writable } from 'node:stream'
import { describe, expect, it } from '@jest/globals'
import { createLogger, type Clock, type CommonSettings } from '@kafka-etl/common'
import type { Admin } from 'kafkajs'
import { Registry } from 'prom-client'
import { createActivity } from '../src/activity.js'
import { createEtlMetrics } from '../src/metrics.js'
import { createProgress } from '../src/progress.js'
import { watch } from '../src/watch.js'

type Ends = { readonly committed: string; readonly low?: string; readonly high: string } | 'silent'

/** A run of the watch in which nothing but its own sleep passes time; `onTick` sees each second. */
const run = async (
  ends: Ends,
  onTick: (second: number, watched: Watched) => void,
): Promise<Watched & { end: string }> => {
  let nowMs = 0
  const lines: string[] = []
  const stopping = new AbortController()
  const progress = createProgress(0)
  const activity = createActivity()
  const registry = new Registry()
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push((JSON.parse(chunk.toString()) as { msg: string }).msg)
      done()
    },
  })
  const watched = { lines, progress, activity, registry, stop: () => stopping.abort() }
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
  const { committed, low = '0', high } = ends === 'silent' ? { committed: '', high: '' } : ends
  const admin = {
    fetchOffsets: () => answer([{ topic: 't', partitions: [{ partition: 0, offset: committed, metadata: null }] }]),
    fetchTopicOffsets: () => answer([{ partition: 0, low, high, offset: high }]),
  } as unknown as Admin
  const settings = {
    inputs: [{ topic: 't', zone: 'UTC' }],
    groupId: 'g',
    stallSeconds: 60,
  } as unknown as CommonSettings & {
    groupId: string
    stallSeconds: number
  }
  const logger = createLogger({ name: 'etl', settings: { logLevel: 'info', logFormat: 'json' }, stream })
  progress.assigned([{ topic: 't', partition: 0 }], 0)
  const watching = watch(
    { context: { clock, logger, settings }, admin, progress, activity, metrics: createEtlMetrics(registry, ['t']) },
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
  readonly progress: ReturnType<typeof createProgress>
  readonly activity: ReturnType<typeof createActivity>
  readonly registry: Registry
  readonly stop: () => void
}

const some = {
  outputs: [],
  deadLetters: [],
  rejected: new Map(),
  warned: new Map(),
  lastTimestampMs: undefined,
  lastRejection: undefined,
}

describe('watch', () => {
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
    const { progress } = await run({ committed: '-1', low: '90', high: '100' }, (second, { stop }) => {
      if (second === 3) stop()
    })
    expect(progress.lags(3_000, 3_000)).toMatchObject([{ topic: 't', partition: 0, records: 10 }])
  })

  it('tells what happened once a second, lag included, and keeps the metrics of lag', async () => {
    const { lines, registry } = await run({ committed: '3', high: '5' }, (second, { activity, stop }) => {
      activity.add('t', 0, { ...some, outputCount: second })
      if (second === 3) stop()
    })
    expect(lines).toEqual(['unified 1 (t 1); 1/s, lag 2', 'unified 2 (t 2); 2/s, lag 2'])
    expect(await registry.getSingleMetricAsString('etl_consumer_lag_records')).toContain('{topic="t",partition="0"} 2')
  })
})
