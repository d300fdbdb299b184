import { join } from 'node:path'
import { judge } from '../backlog-run.js'
import type { BenchContext } from '../bench-context.js'
import type { CheckLevel, Contender } from '../candidate.js'
import { startChild, type Child } from '../child.js'
import type { Folders } from '../folders.js'
import { deleteTopics } from '../input.js'
import type { Checked } from '../meter.js'
import { startProcessMeter } from '../process-meter.js'
import { measureTrace, type Sighting } from '../trace.js'

/** The work of a whole pipeline. Its topics have the pipeline's names: only one job at a time. */
export type PipelineJob = { readonly id: string; readonly bootstrap: string; readonly folders: Folders }

/** A topic that a run writes, recreated for each run, with the number of records that it must receive. */
export type OutputTopic = {
  readonly topic: string
  readonly partitions: number
  readonly due: number
  readonly settings?: Readonly<Record<string, string>>
}

export type PipelineRun = {
  readonly scenario: string
  readonly round: number
  /** What the scenario varies. */
  readonly size: number
  /** The number of input records, or rows, in the backlog. */
  readonly count: number
  readonly outputs: readonly OutputTopic[]
  /** The contender is done if nothing was added for this long; the default is 700. */
  readonly quietMs?: number
  readonly check: (output: OutputTopic, level: CheckLevel) => Promise<Checked>
}

let jobCount = 0
const longestSeconds = 300
const pollMs = 10

export const createPipelineJob = ({ folders, broker }: BenchContext, name: string): PipelineJob => {
  jobCount += 1
  return { id: `${name}-${jobCount}`, bootstrap: broker.bootstrap, folders }
}

export const startContender = async (contender: Contender<PipelineJob>, job: PipelineJob): Promise<readonly Child[]> =>
  Promise.all(
    contender
      .commands(job)
      .map((command, index) => startChild(command, join(job.folders.logs, `${job.id}-${index}.log`))),
  )

/**
 * Lets a contender process a backlog, from its first output in any of the topics to its last, and checks all topics.
 */
export const runPipeline = async (
  context: BenchContext,
  contender: Contender<PipelineJob>,
  { scenario, round, size, count, outputs, quietMs = 700, check }: PipelineRun,
): Promise<void> => {
  const { meter } = context
  const job = createPipelineJob(context, `${scenario}-${contender.name}`)
  for (const { topic, partitions, settings = {} } of outputs) {
    const words = Object.entries(settings).map(([name, value]) => ` ${name}=${value}`)
    await meter.ask(`create ${topic} ${partitions}${words.join('')}`)
  }
  const due = outputs.reduce((sum, output) => sum + output.due, 0)
  const children = await startContender(contender, job)
  const processMeter = startProcessMeter(children.map(({ pid }) => pid))
  const sightings: Sighting[] = []
  try {
    const topics = outputs.map(({ topic }) => topic).join(',')
    const timeoutMs = (contender.longestSeconds ?? longestSeconds) * 1000
    await meter.ask(`watch ${topics} ${due} ${pollMs} ${quietMs} ${timeoutMs}`, (point) =>
      sightings.push({ point, usage: processMeter.sample() }),
    )
  } finally {
    processMeter.stop()
    await Promise.all(children.map((child) => child.stop()))
  }
  const verdicts: string[] = []
  let written = 0
  for (const output of outputs) {
    const checked = await check(output, contender.checkLevel)
    written += checked.count
    const verdict = judge(contender, output.due, checked)
    if (verdict !== 'right') verdicts.push(`${output.topic}: ${verdict}`)
  }
  // A contender that was stopped has processed its share of the input.
  const done = (count * Math.min(written, due)) / due
  const figures = { ...measureTrace(sightings, done), peakMib: processMeter.peakResidentMib() }
  const verdict = verdicts.length === 0 ? 'right' : verdicts.join('; ')
  context.record({ scenario, candidate: contender.name, round, size, figures, verdict })
  await deleteTopics(
    context,
    outputs.map(({ topic }) => topic),
  )
}
