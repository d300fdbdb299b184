import { hostname } from 'node:os'
import { etlSettings, runService } from '@kafka-etl/common'
import { explainKafkaError, withKafka } from '@kafka-etl/kafka'
import { createEtl } from './etl.js'

void runService({
  name: 'etl',
  httpPort: 9465,
  table: etlSettings,
  instance: ({ instance }) => (instance === 'hostname' ? hostname() : instance),
  create: (context) => createEtl(withKafka(context)),
  explainError: explainKafkaError,
})
