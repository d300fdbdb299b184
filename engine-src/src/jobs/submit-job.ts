import type { Clock } from '@kafka-etl/common'
import { accessParameter, textHashParameter } from '../flink/cluster.js'
import { openGatewaySession } from '../flink/gateway.js'
import { FlinkAnswerError } from '../flink/request.js'
import { markOfAccess } from '../kafka-options.js'
import { findCause, isRefusal } from '../sql/explain-failure.js'
import type { JobFile } from '../sql/job-file.js'
import type { Statement } from '../sql/split-statements.js'
import { addKafkaOptions, type TableOptions } from '../sql/tables.js'
import type { JobStorage } from './job-storage.js'

/** A statement that Flink does not accept. The message names file, line and Flink's cause. No restart fixes it. */
export class RefusedSqlError extends Error {
  override readonly name = 'RefusedSqlError'
}

export type SubmitOptions = {
  readonly gatewayUrl: string
  readonly job: JobFile
  readonly storage: JobStorage
  /** Options for each Kafka table, in addition to its own. */
  readonly kafkaOptions: TableOptions
  /** The checkpoint or savepoint to continue from; undefined: the job starts without state. */
  readonly state: string | undefined
  readonly clock: Clock
}

/** Runs the statements of a file in a new session. The last one starts the job. */
export const submitJob = async (options: SubmitOptions): Promise<void> => {
  const { gatewayUrl, job, kafkaOptions, clock } = options
  const session = await openGatewaySession(gatewayUrl, clock)
  try {
    for (const statement of settingsOf(options)) await session.run(statement)
    for (const statement of job.statements.map((written) => addKafkaOptions(written, kafkaOptions))) {
      await session.run(statement.text).catch((error: unknown) => {
        throw explain(error, job, statement)
      })
    }
  } finally {
    await session.close()
  }
}

const settingsOf = ({
  job: { textHash },
  kafkaOptions,
  storage,
  state,
}: Pick<SubmitOptions, 'job' | 'kafkaOptions' | 'storage' | 'state'>): readonly string[] => [
  set(
    'pipeline.global-job-parameters',
    `${textHashParameter}:${textHash},${accessParameter}:${markOfAccess(kafkaOptions)}`,
  ),
  set('execution.checkpointing.dir', `file://${storage.checkpoints}`),
  ...(state === undefined ? [] : [set('execution.state-recovery.path', `file://${state}`)]),
]

const set = (key: string, value: string): string => `SET '${key}' = '${value.replaceAll("'", "''")}'`

const explain = (error: unknown, { file }: JobFile, statement: Statement): unknown => {
  if (!(error instanceof FlinkAnswerError)) return error
  const { cause, line = 1 } = findCause(error.body)
  const sentence = `${file}:${statement.line + line - 1}: ${cause}`
  return isRefusal(error.body) ? new RefusedSqlError(sentence) : new Error(sentence, { cause: error })
}
