import { readerSettings, runService } from '@kafka-etl/common'
import { explainKafkaError, withKafka } from '@kafka-etl/kafka'
import { createReader } from './reader.js'

void runService({
  name: 'reader',
  httpPort: 9466,
  table: readerSettings,
  create: (context) => createReader({ ...withKafka(context), platform: process.platform, output: process.stdout }),
  explainError: explainKafkaError,
})
