import type { ProducerSettings } from '@kafka-etl/common'
import type { Kafka } from '@kafka-etl/kafka'
import type { PipelineContext } from '@kafka-etl/pipeline/service'
import type { ProgressOutput } from './progress-bar.js'

export type ProducerContext = PipelineContext<ProducerSettings> & {
  readonly kafka: Kafka
  /** Shows the progress bar if this is a terminal. */
  readonly output: ProgressOutput
}
