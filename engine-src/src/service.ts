import { join } from 'node:path'
import { engineSettings, readVariables, runService } from '@kafka-etl/common'
import { explainKafkaError, withKafka } from '@kafka-etl/kafka'
import { createEngine } from './engine.js'
import { createFlinkCluster } from './flink/cluster.js'

void runService({
  name: 'engine',
  httpPort: 9481,
  table: engineSettings,
  create: (context) =>
    createEngine({
      ...withKafka(context),
      cluster: createFlinkCluster(context.settings.restUrl),
      // The bundle is engine-src/dist/service.js.
      folder: join(import.meta.dirname, '..', '..', 'pipelines', context.settings.pipeline),
      environment: {
        ...readVariables(process.env),
        KAFKA_BROKERS: context.settings.kafkaBrokers.join(','),
        ENGINE_TRANSACTION_TIMEOUT_MS: String(context.settings.transactionTimeoutMs),
      },
    }),
  explainError: explainKafkaError,
})
