import type { ReaderSettings, ServiceContext } from '@kafka-etl/common'
import type { Kafka, KafkaAdmin } from '@kafka-etl/kafka'
import type { ConnectPlan } from './connected-plan.js'
import type { ProgressOutput } from './progress-bar.js'
import type { ResultPlan } from './result-plan.js'

/** What the reader is made of; everything it needs of the outside comes in here. */
export type ReaderContext = ServiceContext<ReaderSettings> & {
  readonly kafka: Kafka
  /** What is written: at least one result. */
  readonly plans: readonly ResultPlan[]
  /** Makes the topics that the reader need not wait for, or refuses to go on without one. */
  readonly prepareTopics: (admin: KafkaAdmin) => Promise<void>
  readonly connectPlan: ConnectPlan
  readonly platform: NodeJS.Platform
  /** Calls the listener each time that somebody asks for new CSV files. */
  readonly onRotationAsked: (listener: () => void) => void
  /** Where the progress bar goes. */
  readonly output: ProgressOutput
}
