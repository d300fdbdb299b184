import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchContext } from '../bench-context.js'
import { deleteTopics } from '../input.js'
import type { Latencies } from '../meter.js'
import { createPipelineJob, startContender } from '../pipelines/pipeline-run.js'
import { startProcessMeter } from '../process-meter.js'
import { noaaEtl } from './contenders.js'
import { kinds, partitionsOf, topicOf } from './topics.js'

const settleMs = 6_000
const rate = 1_000
const [warmSeconds, seconds] = [4, 10]

/**
 * Each reading raises an alert. Measures how old a reading is in noaa-json, after one hop, and in noaa-alerts, at the
 * end.
 */
export const measureNoaaLive = async (context: BenchContext, round: number): Promise<void> => {
  const { meter } = context
  await meter.ask('create noaa-flat 1')
  for (const kind of kinds) await meter.ask(`create ${topicOf[kind]} ${partitionsOf[kind]}`)
  const children = await startContender(noaaEtl, createPipelineJob(context, 'noaa-live'))
  const processMeter = startProcessMeter(children.map(({ pid }) => pid))
  try {
    // Another scenario measures the start-up.
    await sleep(settleMs)
    const outputs = `${topicOf.readings},${topicOf.alerts}`
    const command = `noaa-live noaa-flat ${outputs} ${rate} ${warmSeconds} ${seconds}`
    const answer = (await meter.ask(command)) as { readonly outputs: readonly Latencies[] }
    const peakMib = processMeter.peakResidentMib()
    answer.outputs.forEach(({ read, expected, p50Ms, p99Ms, maxMs }, index) => {
      const measured = p50Ms === null || p99Ms === null || maxMs === null ? {} : { p50Ms, p99Ms, maxMs }
      const candidate = index === 0 ? 'one hop' : 'to the alert'
      const verdict = read === expected ? 'right' : `expected ${expected} outputs, got ${read}`
      context.record({
        scenario: 'noaa-live',
        candidate,
        round,
        size: rate,
        figures: { ...measured, peakMib },
        verdict,
      })
    })
  } finally {
    processMeter.stop()
    await Promise.all(children.map((child) => child.stop()))
  }
  await deleteTopics(context, ['noaa-flat', ...kinds.map((kind) => topicOf[kind])])
}
