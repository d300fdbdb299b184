import { producerSettings } from '@kafka-etl/common'
import { explainKafkaError, withKafka } from '@kafka-etl/kafka'
import { runPipelineService } from '@kafka-etl/pipeline/service'
import { createProducer } from './producer.js'

void runPipelineService({
  name: 'producer',
  httpPort: 9464,
  table: producerSettings,
  create: (context) => createProducer(withKafka({ ...context, output: process.stderr })),
  explainError: explainKafkaError,
})
