import { explainKafkaError, waitForKafka } from '@kafka-etl/kafka'
import type { AdminContext, ConnectedContext } from './context.js'
import type { OutputOptions, Report } from './report.js'

/** Creates a command's action from work that needs Kafka. */
export type Connected = <Options extends OutputOptions>(
  work: (context: ConnectedContext, options: Options) => Promise<Report>,
) => (options: Options) => Promise<void>

const connectTimeoutMs = 5_000

/**
 * Runs `action` with a connection to Kafka, and closes it afterwards. Rejects with a sentence if Kafka does not answer.
 */
export const withConnection = async <Result>(
  context: AdminContext,
  action: (connected: ConnectedContext) => Promise<Result>,
): Promise<Result> => {
  const { settings, kafka, logger, clock } = context
  const stopping = new AbortController().signal
  await waitForKafka({ kafka, logger, clock, settings, timeoutMs: connectTimeoutMs, stopping })
  try {
    const admin = await kafka.connectAdmin()
    try {
      return await action({ ...context, admin })
    } finally {
      await admin.close().catch(() => undefined)
    }
  } catch (error) {
    throw explainKafkaError(error)
  }
}
