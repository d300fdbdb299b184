import { producerSettings, runService } from '@kafka-etl/common'
import { explainKafkaError, withKafka } from '@kafka-etl/kafka'
import { createProducer } from './producer.js'

void runService({
  name: 'producer',
  httpPort: 9464,
  table: producerSettings,
  create: (context) => createProducer(withKafka(context)),
  explainError: explainKafkaError,
})
