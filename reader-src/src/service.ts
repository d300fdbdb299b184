import { readerSettings, runService } from '@kafka-etl/common'
import { explainKafkaError, withKafka } from '@kafka-etl/kafka'
import { createReader } from './reader.js'

/** On a terminal SIGHUP says that it was closed, which ends the process. */
const onHangUp = (listener: () => void): void => {
  if (!process.stdout.isTTY) process.on('SIGHUP', listener)
}

void runService({
  name: 'reader',
  httpPort: 9466,
  table: readerSettings,
  create: (context) =>
    createReader({
      ...withKafka(context),
      platform: process.platform,
      output: process.stdout,
      onRotationAsked: onHangUp,
    }),
  explainError: explainKafkaError,
})
