import type { Kafka } from 'kafkajs'
import type { Clock } from './clock.js'
import { explainKafkaError } from './kafka-errors.js'
import type { Logger } from './logger.js'
import { SettingsError } from './settings.js'

export type WaitForKafkaOptions = {
  readonly kafka: Kafka
  readonly logger: Logger
  readonly clock: Clock
  readonly brokers: readonly string[]
  readonly timeoutMs: number
  readonly stopping: AbortSignal
}

const firstPauseMs = 100
const longestPauseMs = 3_000

/**
 * Waits until Kafka answers, by asking it, with a growing pause. Throws after `timeoutMs`, at once where no waiting
 * helps (wrong password, unknown certificate), and ends quietly when `stopping` is aborted.
 */
export const waitForKafka = async (options: WaitForKafkaOptions): Promise<void> => {
  const { kafka, logger, clock, brokers, timeoutMs, stopping } = options
  const startedMs = clock.monotonicMs()
  for (let pauseMs = firstPauseMs; !stopping.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const failure = await askKafka(kafka)
    if (failure === undefined) return
    if (failure instanceof SettingsError) throw failure
    const waitedMs = Math.round(clock.monotonicMs() - startedMs)
    const where = brokers.join(', ')
    if (waitedMs >= timeoutMs) {
      throw new Error(
        `expected Kafka at ${where} within ${timeoutMs / 1000} s, got: ${messageOf(failure)}; is it running, and is KAFKA_BROKERS right?`,
        { cause: failure },
      )
    }
    logger.info({ waitedMs, retryInMs: pauseMs }, `waiting for Kafka at ${where}: ${messageOf(failure)}`)
    await clock.sleep(Math.min(pauseMs, timeoutMs - waitedMs), stopping)
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Asks for the cluster's brokers and for the coordinator of a group; undefined when both were answered. */
const askKafka = async (kafka: Kafka): Promise<unknown> => {
  const admin = kafka.admin({ retry: { retries: 0 } })
  try {
    await admin.connect()
    const { brokers } = await admin.describeCluster()
    return brokers.length > 0 ? undefined : new Error('the cluster has no broker yet')
  } catch (error) {
    return explainKafkaError(error) ?? new Error('unknown error')
  } finally {
    await admin.disconnect().catch(() => undefined)
  }
}
