import { hostname } from 'node:os'
import { etlSettings } from '@kafka-etl/common'
import { explainKafkaError, withKafka } from '@kafka-etl/kafka'
import { runPipelineService } from '@kafka-etl/pipeline/service'
import { createEtl } from './etl.js'

void runPipelineService({
  name: 'etl',
  httpPort: 9465,
  table: etlSettings,
  instance: ({ instance }) => (instance === 'hostname' ? hostname() : instance),
  create: (context) => createEtl(withKafka(context)),
  explainError: explainKafkaError,
})
