import { consoleSettings } from '@kafka-etl/common'
import { explainKafkaError, withKafka } from '@kafka-etl/kafka'
import { runPipelineService } from '@kafka-etl/pipeline/service'
import { createConsole } from './console.js'

void runPipelineService({
  name: 'console',
  httpPort: 9480,
  table: consoleSettings,
  create: (context) => createConsole({ ...withKafka(context), environment: process.env }),
  explainError: explainKafkaError,
})
