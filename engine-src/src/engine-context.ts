import type { Environment, EngineSettings, ServiceContext } from '@kafka-etl/common'
import type { Kafka } from '@kafka-etl/kafka'
import type { FlinkCluster } from './flink/cluster.js'
import type { TableOptions } from './sql/tables.js'

/** Everything the engine service needs from the outside. */
export type EngineContext = ServiceContext<EngineSettings> & {
  readonly kafka: Kafka
  readonly cluster: FlinkCluster
  /** The pipeline's folder. Its SQL files are the jobs. */
  readonly folder: string
  /** The options with which Flink's tables connect to Kafka. */
  readonly kafkaOptions: TableOptions
  /** The variables for SQL files. */
  readonly environment: Environment
}
