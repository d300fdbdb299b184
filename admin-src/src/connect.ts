import { explainKafkaError, waitForKafka } from '@kafka-etl/common'
import type { AdminContext, ConnectedContext } from './context.js'

const connectTimeoutMs = 3_000
const answerTimeoutMs = 10_000

/** Runs `action` with a connection to Kafka, which is closed afterwards. Rejects with a sentence when nobody answers. */
export const withConnection = async <Result>(
  context: AdminContext,
  action: (connected: ConnectedContext) => Promise<Result>,
): Promise<Result> => {
  await awaitAnswer(context)
  const admin = context.kafka.admin()
  try {
    await admin.connect()
    return await action({ ...context, admin })
  } catch (error) {
    throw explainKafkaError(error)
  } finally {
    await admin.disconnect().catch(() => undefined)
  }
}

const awaitAnswer = async ({ settings, kafka, logger, clock }: AdminContext): Promise<void> => {
  const brokers = settings.kafkaBrokers
  const ended = new AbortController()
  const stopping = ended.signal
  const answered = waitForKafka({ kafka, logger, clock, brokers, timeoutMs: connectTimeoutMs, stopping })
  // A broker that hangs takes connections and answers nothing.
  const silent = clock.sleep(answerTimeoutMs, stopping).then(() => {
    if (!stopping.aborted) {
      throw new Error(
        `expected an answer of Kafka at ${brokers.join(', ')} within ${answerTimeoutMs / 1000} s, got none`,
      )
    }
  })
  try {
    await Promise.race([answered, silent])
  } finally {
    answered.catch(() => undefined)
    ended.abort()
  }
}
