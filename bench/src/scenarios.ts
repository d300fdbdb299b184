import { createJob, runBacklog, startJob } from './backlog-run.js'
import { roundsOf, type BenchContext } from './bench-context.js'
import { createEtlCandidate, deadLettersOf } from './etl-candidate.js'
import { deleteTopics, writeInput } from './input.js'
import { measureConnector } from './connector/scenario.js'
import { runLive } from './live-run.js'
import { measureNoaa } from './noaa/scenario.js'
import { measureRides } from './rides/scenario.js'
import { measureIdle, measureProducer, measureReader, measureStart } from './service-scenarios.js'
import { measureWindows } from './windows/scenario.js'
import type { scenarioNames } from './settings.js'

export type Scenario = (context: BenchContext) => Promise<void>

const [etl, etlTwice, etlFourfold] = [createEtlCandidate(1), createEtlCandidate(2), createEtlCandidate(4)]

/** The same input for all, in turns. */
const backlog: Scenario = async (context) => {
  const input = await writeInput(context, 'good', context.settings.logs)
  for (const round of roundsOf(context)) {
    for (const candidate of [etl, etlTwice, ...context.peers]) {
      await runBacklog(context, candidate, input, { scenario: 'backlog', round })
    }
  }
  await deleteTopics(context, input.topics)
}

const liveRates = [
  { rate: 1, warmSeconds: 3, seconds: 20 },
  { rate: 1_000, warmSeconds: 4, seconds: 10 },
  { rate: 20_000, warmSeconds: 4, seconds: 6 },
]

/** Ours at each rate and round; the peers once, at 1,000 logs per second. */
const live: Scenario = async (context) => {
  for (const options of liveRates) {
    for (const round of options.rate === 1 ? [1] : roundsOf(context)) await runLive(context, etl, options, round)
    if (options.rate !== 1_000) continue
    const peers = context.peers.filter(({ checkLevel, longestSeconds }) => checkLevel === 'value' && !longestSeconds)
    for (const peer of peers) await runLive(context, peer, options, 1)
  }
}

/** A tenth of the backlog and ten times as much: cost must grow linearly, and memory must not grow. */
const sizes: Scenario = async (context) => {
  for (const count of [context.settings.logs / 10, context.settings.logs * 10]) {
    const input = await writeInput(context, 'good', count)
    await runBacklog(context, etl, input, { scenario: 'sizes', round: 1 })
    await deleteTopics(context, input.topics)
  }
}

const partitionsPerTopic = 6

const instances: Scenario = async (context) => {
  const input = await writeInput(context, 'good', context.settings.logs, partitionsPerTopic)
  for (const candidate of [etl, etlTwice, etlFourfold]) {
    await runBacklog(context, candidate, input, { scenario: 'instances', round: 1 })
  }
  await deleteTopics(context, input.topics)
}

const start: Scenario = async (context) => {
  for (const round of roundsOf(context)) await measureStart(context, round)
}

const producer: Scenario = async (context) => {
  for (const round of roundsOf(context)) await measureProducer(context, context.settings.logs, round)
}

const reader: Scenario = async (context) => {
  const { settings, meter } = context
  const input = await writeInput(context, 'good', settings.logs)
  const job = await createJob(context, etl, input)
  const children = await startJob(etl, job)
  await meter.ask(`watch ${job.output} ${settings.logs} 50 1000 300000`)
  await Promise.all(children.map((child) => child.stop()))
  for (const round of roundsOf(context)) await measureReader(context, job, settings.logs, round)
  await deleteTopics(context, [...input.topics, job.output, deadLettersOf(job.output)])
}

const bad: Scenario = async (context) => {
  const input = await writeInput(context, 'bad', context.settings.logs)
  for (const round of roundsOf(context)) {
    await runBacklog(context, etl, input, { scenario: 'bad', round, outcome: 'dead letters' })
  }
  await deleteTopics(context, input.topics)
}

export const scenarios: Record<(typeof scenarioNames)[number], Scenario> = {
  backlog,
  live,
  sizes,
  instances,
  start,
  idle: measureIdle,
  producer,
  reader,
  bad,
  noaa: measureNoaa,
  connector: measureConnector,
  rides: measureRides,
  windows: measureWindows,
}
