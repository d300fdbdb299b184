import { logLevel as kafkaLogLevel, type LogEntry, type logCreator, type logLevel } from 'kafkajs'
import type { Logger } from '@kafka-etl/common'

/** The fields of KafkaJS log entries that may be shown. Payloads, buffers and stacks must not appear in a log. */
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
 * Sends the log of KafkaJS through pino. KafkaJS logs errors for attempts that it mostly retries. Here, an error
 * response of the broker and the messages about joining and stopping are logged as `debug`; a failed connection and a
 * crashed consumer are logged as `warn`. This suite itself logs what has failed for good.
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

// KafkaJS puts the whole message into this error, but a log must never contain a payload.
const redactMessage = (message: string): string =>
  message.startsWith('Invalid message without value') ? 'Invalid message without value' : message
