import type { Environment, EngineSettings, ServiceContext } from '@kafka-etl/common'
import type { Kafka } from '@kafka-etl/kafka'
import type { FlinkCluster } from './flink/cluster.js'
import type { TableOptions } from './sql/tables.js'

/** What the engine service is made of; everything it needs of the outside comes in here. */
export type EngineContext = ServiceContext<EngineSettings> & {
  readonly kafka: Kafka
  readonly cluster: FlinkCluster
  /** The pipeline's folder, whose SQL files are the jobs. */
  readonly folder: string
  /** What lets Flink's tables into Kafka. */
  readonly kafkaOptions: TableOptions
  /** What SQL files are filled in from. */
  readonly environment: Environment
}
