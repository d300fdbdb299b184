import { hasEnded, type FlinkJob } from '../jobs/plan-jobs.js'
import { askFlink } from './request.js'

/** The name of the job parameter with the hash of the SQL that the job was submitted with. */
export const textHashParameter = 'kafka-etl.text'
/** The name of the job parameter that identifies how a job accesses Kafka. */
export const accessParameter = 'kafka-etl.access'

const savepointFolderSetting = 'execution.checkpointing.savepoint-dir'

/** The job with this name that has not ended. */
export const findRunningJob = (jobs: readonly FlinkJob[], name: string): FlinkJob | undefined =>
  jobs.find((job) => job.name === name && !hasEnded(job))

export type JobProgress = {
  /** When its last checkpoint was completed, ms since 1970; 0: none yet. */
  readonly lastCheckpointAtMs: number
  /** Counted since the start of the JobManager that runs it. */
  readonly restarts: number
}

/**
 * The part of Flink's REST API that the engine uses:
 * https://nightlies.apache.org/flink/flink-docs-stable/docs/ops/rest_api/
 */
export type FlinkCluster = {
  readonly countTaskManagers: () => Promise<number>
  readonly listJobs: () => Promise<readonly FlinkJob[]>
  readonly readProgress: (jobId: string) => Promise<JobProgress>
  /** The stack trace of its last failure; undefined: it has not failed. */
  readonly readLastFailure: (jobId: string) => Promise<string | undefined>
  readonly cancel: (jobId: string) => Promise<void>
  /**
   * Stops a job with a savepoint in the folder of its name; resolves to the id for {@link FlinkCluster.findSavepoint}.
   */
  readonly requestSavepoint: (job: Pick<FlinkJob, 'id' | 'name'>) => Promise<string>
  /** The location of the savepoint; undefined: it is not complete yet. */
  readonly findSavepoint: (jobId: string, requestId: string) => Promise<string | undefined>
}

type Overview = {
  readonly jobs: readonly {
    readonly jid: string
    readonly name: string
    readonly state: string
    readonly 'start-time': number
    readonly tasks: { readonly running: number; readonly total: number }
  }[]
}
type JobParameters = Pick<FlinkJob, 'textHash' | 'accessMark'>
type Config = { readonly 'execution-config'?: { readonly 'user-config'?: Readonly<Record<string, string>> } }
type Checkpoint = { readonly latest_ack_timestamp?: number; readonly restore_timestamp?: number } | null
type Checkpoints = { readonly latest: { readonly completed: Checkpoint; readonly savepoint: Checkpoint } }
type Setting = { readonly key: string; readonly value: string }
type Exceptions = { readonly exceptionHistory: { readonly entries: readonly { readonly stacktrace: string }[] } }
type SavepointStatus = {
  readonly status: { readonly id: string }
  readonly operation?: { readonly location?: string; readonly 'failure-cause'?: { readonly 'stack-trace'?: string } }
}

export const createFlinkCluster = (url: string): FlinkCluster => {
  // A job's parameters never change: request them once.
  const parameters = new Map<string, JobParameters>()
  const readParameters = async (jobId: string): Promise<JobParameters> => {
    const known = parameters.get(jobId)
    if (known !== undefined) return known
    const config = await askFlink<Config>({ url: `${url}/jobs/${jobId}/config` })
    const given = config['execution-config']?.['user-config']
    const [textHash, accessMark] = [given?.[textHashParameter], given?.[accessParameter]]
    // A job that is being recovered has none yet.
    if (textHash !== undefined) parameters.set(jobId, { textHash, accessMark })
    return { textHash, accessMark }
  }
  return {
    countTaskManagers: async () => (await askFlink<{ taskmanagers: number }>({ url: `${url}/overview` })).taskmanagers,
    listJobs: async () => {
      const { jobs } = await askFlink<Overview>({ url: `${url}/jobs/overview` })
      return Promise.all(
        jobs.map(async ({ jid, name, state, tasks, 'start-time': startedAtMs }) => ({
          id: jid,
          name,
          state,
          startedAtMs,
          isWorking: state === 'RUNNING' && tasks.running === tasks.total,
          ...(await readParameters(jid)),
        })),
      )
    },
    readProgress: async (jobId) => {
      const { latest } = await askFlink<Checkpoints>({ url: `${url}/jobs/${jobId}/checkpoints` })
      const metrics = await askFlink<readonly { readonly value: string }[]>({
        url: `${url}/jobs/${jobId}/metrics?get=numRestarts`,
      })
      return {
        lastCheckpointAtMs: latest.completed?.latest_ack_timestamp ?? 0,
        restarts: Number(metrics[0]?.value ?? 0),
      }
    },
    readLastFailure: async (jobId) =>
      (await askFlink<Exceptions>({ url: `${url}/jobs/${jobId}/exceptions` })).exceptionHistory.entries[0]?.stacktrace,
    cancel: (jobId) => askFlink({ method: 'PATCH', url: `${url}/jobs/${jobId}?mode=cancel` }),
    requestSavepoint: async ({ id, name }) => {
      const settings = await askFlink<readonly Setting[]>({ url: `${url}/jobmanager/config` })
      const folder = settings.find(({ key }) => key === savepointFolderSetting)?.value
      if (folder === undefined) throw new Error(`expected ${savepointFolderSetting} in Flink's configuration, got none`)
      const answer = await askFlink<{ 'request-id': string }>({
        method: 'POST',
        url: `${url}/jobs/${id}/stop`,
        // Flink does not read the folder from the job's own settings.
        body: { drain: false, targetDirectory: `${folder}/${name}` },
      })
      return answer['request-id']
    },
    findSavepoint: async (jobId, requestId) => {
      const { status, operation } = await askFlink<SavepointStatus>({
        url: `${url}/jobs/${jobId}/savepoints/${requestId}`,
      })
      const failure = operation?.['failure-cause']
      if (failure) throw new Error(failure['stack-trace'] ?? 'the savepoint failed')
      return status.id === 'COMPLETED' ? operation?.location : undefined
    },
  }
}
