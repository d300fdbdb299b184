import type { ReaderSettings, ServiceContext } from '@kafka-etl/common'
import type { Kafka } from '@kafka-etl/kafka'
import type { ProgressOutput } from './progress-bar.js'

/** What the reader is made of; everything it needs of the outside comes in here. */
export type ReaderContext = ServiceContext<ReaderSettings> & {
  readonly kafka: Kafka
  readonly platform: NodeJS.Platform
  /** Calls the listener each time that somebody asks for a new results.csv. */
  readonly onRotationAsked: (listener: () => void) => void
  /** Where the progress bar goes. */
  readonly output: ProgressOutput
}
