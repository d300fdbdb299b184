import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from '@jest/globals'
import { Registry } from 'prom-client'
import { collectProcessMetrics } from '../../src/process/process-metrics.js'

describe('collectProcessMetrics', () => {
  const registry = new Registry()
  afterEach(() => registry.clear())

  const namesOf = (text: string): readonly string[] =>
    [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name ?? '')

  it('tells memory, processor time, garbage collection and the event loop', async () => {
    collectProcessMetrics(registry)
    expect(namesOf(await registry.metrics())).toEqual(
      expect.arrayContaining([
        'process_cpu_seconds_total',
        'process_resident_memory_bytes',
        'nodejs_heap_size_used_bytes',
        'nodejs_gc_duration_seconds',
        'nodejs_eventloop_lag_seconds',
        'nodejs_eventloop_utilization_ratio',
      ]),
    )
  })

  it('gives no name for counters to a gauge, and no figure of a timer that never fires', async () => {
    collectProcessMetrics(registry)
    const names = namesOf(await registry.metrics())
    expect(names.filter((name) => /^nodejs_active_.*_total$/.test(name))).toEqual([])
    expect(names.filter((name) => /^nodejs_eventloop_lag_\w+_seconds$/.test(name))).toEqual([])
  })

  it('says how busy the event loop was since the last time', async () => {
    collectProcessMetrics(registry)
    const read = async (): Promise<number> =>
      Number(/^nodejs_eventloop_utilization_ratio (\S+)$/m.exec(await registry.metrics())?.[1])
    await read()
    // The event loop turns at least once, and the following work is counted.
    await sleep(1)
    for (const endMs = performance.now() + 50; performance.now() < endMs;);
    await sleep(1)
    const busy = await read()
    await sleep(200)
    const idle = await read()
    expect(busy).toBeGreaterThan(0.5)
    expect(busy).toBeLessThanOrEqual(1)
    expect(idle).toBeLessThan(busy)
  })
})
