import { join } from 'node:path'
import type { BenchContext, Measurement } from './bench-context.js'
import type { Candidate, Contender, Job } from './candidate.js'
import { startChild } from './child.js'
import { deadLettersOf } from './etl-candidate.js'
import { deleteTopics, type Input } from './input.js'
import type { Checked } from './meter.js'
import { startProcessMeter } from './process-meter.js'
import { measureTrace, type Sighting } from './trace.js'

const longestSeconds = 300
let jobCount = 0

/** A job over this input, with separate output topics. */
export const createJob = async (context: BenchContext, candidate: Candidate, input: Input): Promise<Job> => {
  jobCount += 1
  const id = `${candidate.name}-${jobCount}`
  const output = `out-${id}`
  const partitions = candidate.outputPartitions(input.partitionsPerTopic)
  await context.meter.ask(`create ${output} ${partitions}`)
  await context.meter.ask(`create ${deadLettersOf(output)} ${partitions}`)
  const { folders, broker } = context
  const { topics: inputs, partitionsPerTopic } = input
  return { id, bootstrap: broker.bootstrap, inputs, partitionsPerTopic, output, folders }
}

/** Starts all processes of a job; the output of each goes to a separate file. */
export const startJob = async (candidate: Candidate, job: Job) =>
  Promise.all(
    candidate
      .commands(job)
      .map((command, index) => startChild(command, join(job.folders.logs, `${job.id}-${index}.log`))),
  )

export type BacklogOptions = {
  readonly scenario: string
  readonly round: number
  /** Where its outputs are; the default is the output topic. */
  readonly outcome?: 'outputs' | 'dead letters'
}

/** Lets a candidate process a backlog, meters it, and checks what it wrote. */
export const runBacklog = async (
  context: BenchContext,
  candidate: Candidate,
  input: Input,
  { scenario, round, outcome = 'outputs' }: BacklogOptions,
): Promise<void> => {
  const { meter, settings } = context
  const job = await createJob(context, candidate, input)
  const watched = outcome === 'outputs' ? job.output : deadLettersOf(job.output)
  const level = outcome === 'outputs' ? candidate.checkLevel : 'count'
  const children = await startJob(candidate, job)
  const processMeter = startProcessMeter(children.map(({ pid }) => pid))
  const sightings: Sighting[] = []
  try {
    const timeoutMs = (candidate.longestSeconds ?? longestSeconds) * 1000
    await meter.ask(`watch ${watched} ${input.count} 10 700 ${timeoutMs}`, (point) =>
      sightings.push({ point, usage: processMeter.sample() }),
    )
  } finally {
    processMeter.stop()
    await Promise.all(children.map((child) => child.stop()))
  }
  const words = [watched, input.partitionsPerTopic, input.count, settings.seed, level]
  const checked = (await meter.ask(`check ${words.join(' ')}`)) as Checked
  const figures = {
    ...measureTrace(sightings, checked.count),
    peakMib: processMeter.peakResidentMib(),
    peakMibAnInstance: processMeter.peakResidentMib() / children.length,
  }
  const verdict = judge(candidate, input.count, checked)
  context.record({
    scenario,
    candidate: candidate.name,
    round,
    size: input.count,
    figures,
    verdict,
  } satisfies Measurement)
  await deleteTopics(context, [job.output, deadLettersOf(job.output)])
}

/** Judges the output. It may be incomplete if the candidate was stopped early, and in any order if it promises none. */
export const judge = (
  { checkLevel, longestSeconds: limit }: Pick<Contender<Job>, 'checkLevel' | 'longestSeconds'>,
  expected: number,
  checked: Checked,
): string => {
  const { count, lost, twice, disordered, wrong } = checked
  const faults = [
    ...(limit === undefined && count !== expected ? [`expected ${expected} outputs, got ${count}`] : []),
    ...(limit === undefined && lost > 0 ? [`${lost} lost`] : []),
    ...(twice > 0 ? [`${twice} twice`] : []),
    ...(wrong > 0 ? [`${wrong} wrong`] : []),
    ...(checkLevel === 'exact' && disordered > 0 ? [`${disordered} out of order`] : []),
  ]
  return faults.length === 0 ? 'right' : faults.join(', ')
}
