import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createJob, judge } from './backlog-run.js'
import type { BenchContext } from './bench-context.js'
import type { Job } from './candidate.js'
import { createEtlCandidate, deadLettersOf } from './etl-candidate.js'
import { countLines } from './count-lines.js'
import { deleteTopics, writeInput } from './input.js'
import type { Checked } from './meter.js'
import { startProcessMeter } from './process-meter.js'
import { resultsOf, startService, watchFile, type Growth, type ServiceName } from './service-run.js'
import { measureTrace, type Sighting } from './trace.js'

const etl = createEtlCandidate(1)
const csvHeaderBytes = 'timestamp,message,time,diff\n'.length
const csvOf = (job: Job): string => join(resultsOf(job), 'results.csv')
const emptyJob = async (context: BenchContext): Promise<Job> =>
  createJob(context, etl, await writeInput(context, 'good', 0))

const countRecords = async ({ meter }: BenchContext, topic: string): Promise<number> =>
  ((await meter.ask(`check ${topic} 1 0 0 count`)) as Checked).count

const clean = (context: BenchContext, { inputs, output }: Job): Promise<void> =>
  deleteTopics(context, [...inputs, output, deadLettersOf(output)])

/** From the start of all three services, with the broker up, to the first row in results.csv. */
export const measureStart = async (context: BenchContext, round: number): Promise<void> => {
  const job = await emptyJob(context)
  const startedMs = performance.now()
  const names: readonly ServiceName[] = ['producer', 'etl', 'reader']
  const children = await Promise.all(names.map((name) => startService(name, job)))
  let firstRowMs = NaN
  const deadlineMs = startedMs + 30_000
  const isDone = (): boolean => !Number.isNaN(firstRowMs) || performance.now() > deadlineMs
  await watchFile(csvOf(job), isDone, ({ atMs, bytes }) => {
    if (bytes > csvHeaderBytes) firstRowMs = atMs - startedMs
  })
  await Promise.all(children.map((child) => child.stop()))
  const verdict = Number.isNaN(firstRowMs) ? 'expected a row within 30 s, got none' : 'right'
  context.record({ scenario: 'start', candidate: 'stack', round, size: 1, figures: { firstRowMs }, verdict })
  await clean(context, job)
}

const warmIdleMs = 5_000
const idleMs = 30_000

/** What each service uses when idle; the producer sends one log per second, as it does by default. */
export const measureIdle = async (context: BenchContext): Promise<void> => {
  const job = await emptyJob(context)
  const started = [
    { name: 'producer', child: await startService('producer', job, { PRODUCER_COUNT: '0' }) },
    { name: 'etl', child: await startService('etl', job) },
    { name: 'reader', child: await startService('reader', job) },
  ]
  await sleep(warmIdleMs)
  const meters = started.map(({ name, child }) => ({ name, meter: startProcessMeter([child.pid], 500) }))
  const before = meters.map(({ meter }) => meter.sample())
  await sleep(idleMs)
  for (const { name, child } of started) {
    if (child.hasEnded()) throw new Error(`expected an idle ${name} to go on, but it has ended: ${child.logFile}`)
  }
  const figuresOf = meters.map(({ meter }, index) => {
    const cpuSeconds = meter.sample().cpuSeconds - (before[index]?.cpuSeconds ?? 0)
    meter.stop()
    return { corePercent: (cpuSeconds / idleMs) * 100_000, peakMib: meter.peakResidentMib() }
  })
  const verdict = await judgeIdle(context, job)
  meters.forEach(({ name }, index) => {
    context.record({ scenario: 'idle', candidate: name, round: 1, size: 1, figures: figuresOf[index] ?? {}, verdict })
  })
  await Promise.all(started.map(({ child }) => child.stop()))
  await clean(context, job)
}

/** Whether the services did the little work there was: one log per second, and soon a row for each output. */
const judgeIdle = async (context: BenchContext, job: Job): Promise<string> => {
  const outputCount = await countRecords(context, job.output)
  const dueCount = Math.floor(idleMs / 1_000)
  if (outputCount < dueCount) return `expected at least ${dueCount} outputs, got ${outputCount}`
  await sleep(1_000)
  const rowCount = (await countLines(csvOf(job))) - 1
  return rowCount >= outputCount ? 'right' : `expected at least ${outputCount} rows, got ${rowCount}`
}

/** The producer at full speed. */
export const measureProducer = async (context: BenchContext, count: number, round: number): Promise<void> => {
  const job = await emptyJob(context)
  const child = await startService('producer', job, { PRODUCER_RATE: '0', PRODUCER_COUNT: String(count) })
  const meter = startProcessMeter([child.pid])
  const sightings: Sighting[] = []
  const answer = await context.meter.ask(`watch ${job.inputs.join(',')} ${count} 10 300 120000`, (point) =>
    sightings.push({ point, usage: meter.sample() }),
  )
  meter.stop()
  await child.stop()
  const isFinished = (answer as { readonly finished: boolean }).finished
  const sentCounts = await Promise.all(job.inputs.map((topic) => countRecords(context, topic)))
  const sentCount = sentCounts.reduce((sum, one) => sum + one, 0)
  const figures = { ...measureTrace(sightings, count), peakMib: meter.peakResidentMib() }
  const verdict = isFinished && sentCount === count ? 'right' : `expected ${count} logs within 120 s, got ${sentCount}`
  context.record({ scenario: 'producer', candidate: 'producer', round, size: count, figures, verdict })
  await clean(context, job)
}

/** The reader alone, on the outputs of an ETL that has ended. */
export const measureReader = async (context: BenchContext, job: Job, count: number, round: number): Promise<void> => {
  const own = { ...job, id: `${job.id}-reader-${round}` }
  const child = await startService('reader', own, { READER_FOLLOW: 'false' })
  const meter = startProcessMeter([child.pid])
  const growth: (Growth & { readonly cpuSeconds: number })[] = []
  await watchFile(csvOf(own), child.hasEnded, (one) => growth.push({ ...one, cpuSeconds: meter.sample().cpuSeconds }))
  meter.stop()
  const [first, last] = [growth.find(({ bytes }) => bytes > csvHeaderBytes), growth.at(-1)]
  const exit = await child.exit
  if (!first || !last || exit !== 0) throw new Error(`expected the reader to write rows and exit 0, got ${exit}`)
  const checked = (await context.meter.ask(`csv 1 ${count} ${context.settings.seed} ${csvOf(own)}`)) as Checked
  // How long the rows of the first sighting took is unknown.
  const rows = await countLines(csvOf(own), first.bytes)
  const seconds = (last.atMs - first.atMs) / 1000
  const cpuSeconds = last.cpuSeconds - first.cpuSeconds
  const thrift = cpuSeconds > 0.05 ? { rowsPerCpuSecond: rows / cpuSeconds } : {}
  const figures = { rowsPerSecond: rows / seconds, seconds, ...thrift, peakMib: meter.peakResidentMib() }
  context.record({
    scenario: 'reader',
    candidate: 'reader',
    round,
    size: count,
    figures,
    verdict: judge(etl, count, checked),
  })
}
