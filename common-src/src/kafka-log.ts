import { logLevel as kafkaLogLevel, type LogEntry, type logCreator, type logLevel } from 'kafkajs'
import type { Logger } from './logger.js'

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
 * Sends KafkaJS's own log through pino. What KafkaJS calls an error is mostly an attempt that it repeats, so that it
 * becomes a warning here: this suite's own lines say what failed for good. Its chatter of joining and stopping is for
 * `debug`.
 */
export const createKafkaLog =
  (logger: Logger): logCreator =>
  () =>
  ({ level, namespace, log }: LogEntry): void => {
    const fields = { kafkajs: namespace || 'Kafka', ...pickShown(log) }
    write(logger, level)(fields, redactMessage(log.message))
  }

const write = (logger: Logger, level: logLevel): Logger['info'] => {
  switch (level) {
    case kafkaLogLevel.NOTHING:
    case kafkaLogLevel.ERROR:
    case kafkaLogLevel.WARN:
      return logger.warn.bind(logger)
    case kafkaLogLevel.INFO:
      return logger.debug.bind(logger)
    case kafkaLogLevel.DEBUG:
      return logger.trace.bind(logger)
  }
}

const pickShown = (log: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    shownFields.filter((field) => log[field] !== undefined).map((field) => [field, describe(log[field])]),
  )

const describe = (value: unknown): unknown => (value instanceof Error ? value.message : value)

// KafkaJS puts the whole message into this error; a payload must never reach a log.
const redactMessage = (message: string): string =>
  message.startsWith('Invalid message without value') ? 'Invalid message without value' : message
