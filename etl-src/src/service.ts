import { etlSettings, runService } from '@kafka-etl/common'
import { explainKafkaError, withKafka } from '@kafka-etl/kafka'
import { createEtl } from './etl.js'
import { instanceNameOf } from './instance-name.js'

void runService({
  name: 'etl',
  httpPort: 9465,
  table: etlSettings,
  instance: ({ instance }) => instanceNameOf(instance),
  create: (context) => createEtl(withKafka(context)),
  explainError: explainKafkaError,
})
