import { join } from 'node:path'
import { engineSettings, readVariables, runService, SettingsError } from '@kafka-etl/common'
import { explainKafkaError, withKafka } from '@kafka-etl/kafka'
import { createEngine } from './engine.js'
import { createFlinkCluster } from './flink/cluster.js'
import { planKafkaOptions } from './kafka-options.js'

void runService({
  name: 'engine',
  httpPort: 9481,
  table: engineSettings,
  create: (context) => {
    const environment = readVariables(process.env)
    const planned = planKafkaOptions(context.settings, environment)
    if (!planned.ok) throw new SettingsError(planned.fault)
    return createEngine({
      ...withKafka(context),
      kafkaOptions: planned.options,
      cluster: createFlinkCluster(context.settings.restUrl),
      // The bundle is engine-src/dist/service.js.
      folder: join(import.meta.dirname, '..', '..', 'pipelines', context.settings.pipeline),
      environment: {
        ...environment,
        KAFKA_BROKERS: context.settings.kafkaBrokers.join(','),
        ENGINE_TRANSACTION_TIMEOUT_MS: String(context.settings.transactionTimeoutMs),
      },
    })
  },
  explainError: explainKafkaError,
})
