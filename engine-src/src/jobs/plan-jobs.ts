import type { JobFile } from '../sql/job-file.js'

/**
 * The final states of Flink's jobs: https://nightlies.apache.org/flink/flink-docs-stable/docs/internals/job_scheduling/
 */
const endedStates: readonly string[] = ['CANCELED', 'FAILED', 'FINISHED']

/** A job as Flink reports it. */
export type FlinkJob = {
  readonly id: string
  readonly name: string
  readonly state: string
  /** Whether all its tasks are running. */
  readonly isWorking: boolean
  readonly startedAtMs: number
  /** The hash of the text that it was submitted with; undefined: Flink does not report it, as for a job in recovery. */
  readonly textHash: string | undefined
  /** Identifies how it accesses Kafka; undefined: Flink does not report it, as for a job of an earlier release. */
  readonly accessMark: string | undefined
}

export const hasEnded = ({ state }: Pick<FlinkJob, 'state'>): boolean => endedStates.includes(state)

/**
 * What to do with each file: submit it, or leave the running job alone, even if it has another version of the SQL. A
 * job whose access to Kafka is out of date is ended at once, and is submitted again from its last checkpoint.
 */
export type JobPlan =
  | { readonly action: 'submit'; readonly file: JobFile }
  | { readonly action: 'end'; readonly file: JobFile; readonly job: FlinkJob }
  | { readonly action: 'leave'; readonly file: JobFile; readonly job: FlinkJob; readonly isOlderText: boolean }

/**
 * One job per file, by its name. `accessMark` identifies the current access to Kafka. Leaves running jobs alone:
 * replacing one unasked could lose its state.
 */
export const planJobs = (
  files: readonly JobFile[],
  jobs: readonly FlinkJob[],
  accessMark: string,
): readonly JobPlan[] =>
  files.map((file) => {
    const job = jobs.find((candidate) => candidate.name === file.name && !hasEnded(candidate))
    if (job === undefined) return { action: 'submit', file }
    if (job.textHash !== undefined && (job.accessMark ?? 'none') !== accessMark) return { action: 'end', file, job }
    return { action: 'leave', file, job, isOlderText: job.textHash !== undefined && job.textHash !== file.textHash }
  })

/** The message if a file was changed while its job runs. */
export const describeOlderText = ({ file, name }: JobFile): string =>
  `${name} runs with an older version of ${file}: \`npm run admin -- jobs savepoint ${name}\` stops it with a savepoint, and the engine continues from there with the file as it is now`
