import type { EtlSettings, ServiceContext } from '@kafka-etl/common'
import type { Kafka, RunMemory } from '@kafka-etl/kafka'
import type { Admin, Kafka as KafkaJs } from 'kafkajs'
import type { Activity } from './activity.js'
import type { SizeLimits } from './convert-batch.js'
import type { EtlMetrics } from './metrics.js'
import type { PartitionTask } from './partition-task.js'
import type { Progress } from './progress.js'

export type EtlContext = ServiceContext<EtlSettings> & {
  readonly kafka: Kafka
  readonly kafkajs: KafkaJs
}

/** What the parts of one running ETL share. */
export type Run = {
  readonly context: EtlContext
  readonly admin: Admin
  readonly progress: Progress
  readonly metrics: EtlMetrics
  readonly activity: Activity
  readonly limits: SizeLimits
  /** For the runs of all tasks. */
  readonly memory: RunMemory
  /** Counts the times that this instance joined its group. */
  generation: number
  /** By `topic/partition`. */
  readonly tasks: Map<string, PartitionTask>
}
