import type { ReaderSettings, ServiceContext } from '@kafka-etl/common'
import type { Kafka, KafkaAdmin } from '@kafka-etl/kafka'
import type { ConnectPlan } from './connected-plan.js'
import type { ProgressOutput } from './progress-bar.js'
import type { ResultPlan } from './result-plan.js'

/** Everything the reader needs from the outside. */
export type ReaderContext = ServiceContext<ReaderSettings> & {
  readonly kafka: Kafka
  /** The results to write, at least one. */
  readonly plans: readonly ResultPlan[]
  /** Creates the topics that the reader need not wait for, or rejects if it cannot continue without one. */
  readonly prepareTopics: (admin: KafkaAdmin) => Promise<void>
  readonly connectPlan: ConnectPlan
  readonly platform: NodeJS.Platform
  /** Calls the listener each time that somebody asks for new CSV files. */
  readonly onRotationAsked: (listener: () => void) => void
  /** The output of the progress bar. */
  readonly output: ProgressOutput
}
