import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { findTransportFault, type BrokerAddress, type TransportSettings } from './broker-probe.js'
import type { Clock } from '@kafka-etl/common'
import type { CommonSettings } from '@kafka-etl/common'
import { messageOf } from '@kafka-etl/common'
import { explainKafkaError } from './errors.js'
import type { Logger } from '@kafka-etl/common'
import { SettingsError } from '@kafka-etl/common'
import type { KafkaAdmin } from './admin/kafka-admin.js'
import type { Kafka } from './kafka.js'

export type WaitForKafkaOptions = {
  readonly kafka: Pick<Kafka, 'connectAdmin'>
  readonly logger: Logger
  readonly clock: Clock
  readonly settings: TransportSettings & Pick<CommonSettings, 'kafkaBrokers'>
  readonly timeoutMs: number
  readonly stopping: AbortSignal
}

const firstPauseMs = 100
// Short: whoever starts the services beside Kafka waits for the last pause, too.
const longestPauseMs = 200
const longestUntoldMs = 3_000
const connectTimeoutMs = 3_000
const unansweredMs = 1_000

/**
 * Waits until Kafka answers, by asking it, with a growing pause, and tells so, ever less often. Throws after `timeoutMs`, at once where no waiting
 * helps (wrong password, unknown certificate, no TLS where the broker wants it), and ends quietly when `stopping` is aborted.
 */
export const waitForKafka = async (options: WaitForKafkaOptions): Promise<void> => {
  const { logger, clock, settings, timeoutMs, stopping } = options
  const where = settings.kafkaBrokers.join(', ')
  const startedMs = clock.monotonicMs()
  let nextTellMs = 0
  for (let pauseMs = firstPauseMs; !stopping.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const failure = await askWithin(options, timeoutMs - (clock.monotonicMs() - startedMs))
    if (failure === undefined) return
    if (failure instanceof SettingsError) throw failure
    const waitedMs = Math.round(clock.monotonicMs() - startedMs)
    if (waitedMs >= timeoutMs) {
      throw new Error(
        `expected Kafka at ${where} within ${timeoutMs / 1000} s, got: ${messageOf(failure)}; is it running, and is KAFKA_BROKERS right?`,
        { cause: failure },
      )
    }
    if (waitedMs >= nextTellMs) {
      logger.info({ waitedMs, retryInMs: pauseMs }, `waiting for Kafka at ${where}: ${messageOf(failure)}`)
      nextTellMs = waitedMs + Math.min(waitedMs, longestUntoldMs)
    }
    await clock.sleep(Math.min(pauseMs, timeoutMs - waitedMs), stopping)
  }
}

/** What keeps Kafka from being ready; undefined when it is, or when `stopping` is aborted. */
const askWithin = async (options: WaitForKafkaOptions, remainingMs: number): Promise<unknown> => {
  const { kafka, clock, settings, stopping } = options
  // KafkaJS repeats a connection attempt in silence for 10 s; whether anybody listens is seen at once.
  const listener = await findListener(settings.kafkaBrokers)
  if (!listener.ok) return listener.refusal
  if (stopping.aborted) return undefined
  const expiry = new AbortController()
  const expired = clock
    .sleep(Math.max(0, remainingMs), AbortSignal.any([stopping, expiry.signal]))
    .then(() => (stopping.aborted ? undefined : new Error('connected, but no answer')))
  try {
    const asked = askKafka(kafka).then((failure) => explainByTransport(failure, listener.address, settings))
    // KafkaJS takes a TLS alert for the start of a huge answer, and waits for the rest of it.
    const unanswered = pause(unansweredMs, undefined, { signal: expiry.signal }).then(
      async () => (await findTransportFault(listener.address, settings)) ?? asked,
    )
    unanswered.catch(() => undefined)
    return await Promise.race([asked, unanswered, expired])
  } finally {
    expiry.abort()
  }
}

/** Kafka closes the connection of a client that does not speak as it should, and KafkaJS says no more than that. */
const explainByTransport = async (
  failure: unknown,
  address: BrokerAddress,
  settings: TransportSettings,
): Promise<unknown> => {
  if (failure === undefined || failure instanceof SettingsError) return failure
  return (await findTransportFault(address, settings)) ?? failure
}

type Listener =
  { readonly ok: true; readonly address: BrokerAddress } | { readonly ok: false; readonly refusal: unknown }

/** The first of the brokers that takes a connection, or why the last of them did not. */
const findListener = async (brokers: readonly string[]): Promise<Listener> => {
  let refusal: unknown = new Error('no broker is set')
  for (const broker of brokers) {
    const colon = broker.lastIndexOf(':')
    const host = broker.slice(0, colon).replace(/^\[|\]$/g, '')
    const address = { host, port: Number(broker.slice(colon + 1)) }
    const socket = connect(address)
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(connectTimeoutMs) })
      return { ok: true, address }
    } catch (error) {
      refusal = new Error(`no connection to ${broker} (${codeOf(error)})`, { cause: error })
    } finally {
      socket.destroy()
    }
  }
  return { ok: false, refusal }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && error.code !== 'ABORT_ERR' ? String(error.code) : 'no answer'

/** Asks for the cluster's brokers and its controller; undefined when it has both. */
const askKafka = async (kafka: Pick<Kafka, 'connectAdmin'>): Promise<unknown> => {
  let admin: KafkaAdmin | undefined
  try {
    admin = await kafka.connectAdmin(0)
    const { brokers, controllerId } = await admin.describeCluster()
    if (brokers.length === 0) return new Error('the cluster has no broker yet')
    return controllerId === undefined ? new Error('the cluster has no controller yet') : undefined
  } catch (error) {
    return explainKafkaError(error) ?? new Error('unknown error')
  } finally {
    await admin?.close().catch(() => undefined)
  }
}
