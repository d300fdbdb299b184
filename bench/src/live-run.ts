import { setTimeout as sleep } from 'node:timers/promises'
import { createJob, startJob } from './backlog-run.js'
import type { BenchContext } from './bench-context.js'
import type { Candidate } from './candidate.js'
import { deadLettersOf } from './etl-candidate.js'
import { deleteTopics, writeInput } from './input.js'
import type { Latencies } from './meter.js'
import { startProcessMeter } from './process-meter.js'

export type LiveOptions = { readonly rate: number; readonly warmSeconds: number; readonly seconds: number }

const settleMs = 6_000

/**
 * Sends logs stamped with the time of sending at a given rate, and measures how old each is when its output can be
 * read.
 */
export const runLive = async (
  context: BenchContext,
  candidate: Candidate,
  { rate, warmSeconds, seconds }: LiveOptions,
  round: number,
): Promise<void> => {
  const input = await writeInput(context, 'good', 0)
  const job = await createJob(context, candidate, input)
  const children = await startJob(candidate, job)
  const processMeter = startProcessMeter(children.map(({ pid }) => pid))
  try {
    // Another scenario measures the start-up.
    await sleep(settleMs)
    const before = processMeter.sample()
    const words = [input.topics.join(','), job.output, rate, warmSeconds, seconds]
    const latencies = (await context.meter.ask(`live ${words.join(' ')}`)) as Latencies
    const { read, expected, p50Ms, p99Ms, maxMs } = latencies
    const cpuSeconds = processMeter.sample().cpuSeconds - before.cpuSeconds
    const verdict = read === expected ? 'right' : `expected ${expected} outputs, got ${read}`
    const figures = {
      ...(p50Ms === null || p99Ms === null || maxMs === null ? {} : { p50Ms, p99Ms, maxMs }),
      cores: cpuSeconds / (warmSeconds + seconds),
      peakMib: processMeter.peakResidentMib(),
    }
    context.record({ scenario: 'live', candidate: candidate.name, round, size: rate, figures, verdict })
  } finally {
    processMeter.stop()
    await Promise.all(children.map((child) => child.stop()))
  }
  await deleteTopics(context, [...input.topics, job.output, deadLettersOf(job.output)])
}
