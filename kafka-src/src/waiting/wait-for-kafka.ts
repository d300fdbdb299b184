import { messageOf, retry, SettingsError, type Clock, type CommonSettings, type Logger } from '@kafka-etl/common'
import type { KafkaAdmin } from '../admin/kafka-admin.js'
import { explainKafkaError } from '../errors/explain-kafka-error.js'
import type { Kafka } from '../kafka.js'
import { findUnresolvedName } from './advertised-names.js'
import { findTransportFault, type TransportSettings } from './broker-probe.js'
import { findListener, type BrokerAddress } from './listener.js'

export type WaitForKafkaOptions = {
  readonly kafka: Pick<Kafka, 'connectAdmin'>
  readonly logger: Logger
  readonly clock: Clock
  readonly settings: TransportSettings & Pick<CommonSettings, 'kafkaBrokers'>
  readonly timeoutMs: number
  readonly stopping: AbortSignal
}

const firstPauseMs = 100
// The pause is short: whatever starts the services together with Kafka waits for the last pause, too.
const longestPauseMs = 200
const longestUnloggedMs = 3_000
const unansweredMs = 1_000

/**
 * Waits until Kafka responds. Retries with growing pauses and logs this less and less often. Throws after `timeoutMs`,
 * or at once if waiting cannot help (wrong password, unknown certificate, no TLS although the broker requires it).
 * Resolves quietly if `stopping` is aborted.
 */
export const waitForKafka = async (options: WaitForKafkaOptions): Promise<void> => {
  const { logger, clock, settings, timeoutMs, stopping } = options
  const where = settings.kafkaBrokers.join(', ')
  const startedMs = clock.monotonicMs()
  let nextLogMs = 0
  const onRetry = (failure: unknown, pauseMs: number): void => {
    const waitedMs = Math.round(clock.monotonicMs() - startedMs)
    if (waitedMs < nextLogMs) return
    logger.info({ waitedMs, retryInMs: pauseMs }, `waiting for Kafka at ${where}: ${messageOf(failure)}`)
    nextLogMs = waitedMs + Math.min(waitedMs, longestUnloggedMs)
  }
  const ask = (): Promise<void> => askWithin(options, timeoutMs - (clock.monotonicMs() - startedMs))
  const isRetriable = (failure: unknown): boolean => !(failure instanceof SettingsError)
  const policy = { firstPauseMs, longestPauseMs, timeoutMs, isRetriable, onRetry, stopping }
  await retry(ask, policy, clock).catch((failure: unknown) => {
    if (failure instanceof SettingsError) throw failure
    if (stopping.aborted) return
    throw new Error(
      `expected Kafka at ${where} within ${timeoutMs / 1000} s, got: ${messageOf(failure)}; is it running, and is KAFKA_BROKERS right?`,
      { cause: failure },
    )
  })
}

/** Resolves when Kafka is ready or `stopping` is aborted; rejects with the reason why Kafka is not ready. */
const askWithin = async (options: WaitForKafkaOptions, remainingMs: number): Promise<void> => {
  const { kafka, clock, settings, stopping } = options
  if (stopping.aborted) return
  // KafkaJS retries a connection silently for 10 s; this sees at once whether a broker listens.
  const listener = await findListener(settings.kafkaBrokers)
  if (!listener.ok) throw listener.refusal
  const expiry = new AbortController()
  const expired = clock.sleep(Math.max(0, remainingMs), AbortSignal.any([stopping, expiry.signal])).then(() => {
    if (!stopping.aborted) throw new Error('connected, but no answer')
  })
  expired.catch(() => undefined)
  try {
    const asked = explainByTransport(askKafka(kafka), listener.address, settings)
    // KafkaJS takes a TLS alert for the start of a huge response and waits for the rest of it.
    const unanswered = clock.sleep(unansweredMs, expiry.signal).then(async () => {
      const fault = expiry.signal.aborted ? undefined : await findTransportFault(listener.address, settings)
      return fault === undefined ? asked : Promise.reject(fault)
    })
    unanswered.catch(() => undefined)
    await Promise.race([asked, unanswered, expired])
  } finally {
    expiry.abort()
  }
}

/** Explains a closed connection: Kafka closes that of a client with the wrong protocol, and KafkaJS gives no reason. */
const explainByTransport = async (
  asked: Promise<void>,
  address: BrokerAddress,
  settings: TransportSettings,
): Promise<void> => {
  try {
    await asked
  } catch (failure) {
    throw failure instanceof SettingsError ? failure : ((await findTransportFault(address, settings)) ?? failure)
  }
}

/** Resolves if the cluster has a controller and brokers that can be reached. */
const askKafka = async (kafka: Pick<Kafka, 'connectAdmin'>): Promise<void> => {
  let admin: KafkaAdmin | undefined
  try {
    admin = await kafka.connectAdmin(0)
    const { brokers, controllerId } = await admin.describeCluster()
    if (brokers.length === 0) throw new Error('the cluster has no broker yet')
    if (controllerId === undefined) throw new Error('the cluster has no controller yet')
    const unresolved = await findUnresolvedName(brokers)
    if (unresolved !== undefined) throw unresolved
  } catch (error) {
    throw explainKafkaError(error)
  } finally {
    await admin?.close().catch(() => undefined)
  }
}
