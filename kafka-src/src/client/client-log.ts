import { logLevel as kafkaLogLevel, type LogEntry, type logCreator, type logLevel } from 'kafkajs'
import type { Logger } from '@kafka-etl/common'

/** The fields of KafkaJS's log entries that may be shown; payloads, buffers and stacks may not. */
const shownFields = [
  'broker',
  'clientId',
  'groupId',
  'memberId',
  'topic',
  'partition',
  'offset',
  'error',
  'retryCount',
  'retryTime',
] as const

/**
 * Sends KafkaJS's own log through pino. What KafkaJS calls an error is mostly an attempt that it repeats: such an
 * answer of the broker is for `debug`, a connection that failed or a consumer that crashed is a warning. What failed
 * for good is said by this suite's own lines. KafkaJS's chatter of joining and stopping is for `debug`.
 */
export const createKafkaLog =
  (logger: Logger): logCreator =>
  () =>
  ({ level, namespace, log }: LogEntry): void => {
    const write = levelOf(level, log.message)
    logger[write]({ kafkajs: namespace || 'Kafka', ...pickShown(log) }, redactMessage(log.message) + suffixOf(log))
  }

const levelOf = (level: logLevel, message: string): 'warn' | 'debug' | 'trace' => {
  switch (level) {
    case kafkaLogLevel.NOTHING:
    case kafkaLogLevel.ERROR:
    case kafkaLogLevel.WARN:
      return isRepeated(message) ? 'debug' : 'warn'
    case kafkaLogLevel.INFO:
      return 'debug'
    case kafkaLogLevel.DEBUG:
      return 'trace'
  }
}

const repeatedMessages = [
  'Response ',
  'Failed to send messages',
  'Error when calling each',
  'The group is rebalancing',
  'Limiting retries',
]

const isRepeated = (message: string): boolean => repeatedMessages.some((start) => message.startsWith(start))

const suffixOf = ({ error }: Readonly<Record<string, unknown>>): string => {
  const text = describe(error)
  return typeof text === 'string' ? `: ${text}` : ''
}

const pickShown = (log: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    shownFields.filter((field) => log[field] !== undefined).map((field) => [field, describe(log[field])]),
  )

const describe = (value: unknown): unknown => (value instanceof Error ? value.message : value)

// KafkaJS puts the whole message into this error; a payload must never reach a log.
const redactMessage = (message: string): string =>
  message.startsWith('Invalid message without value') ? 'Invalid message without value' : message
