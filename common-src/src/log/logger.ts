import { createRequire } from 'node:module'
import { pino, type DestinationStream, type Logger } from 'pino'
import type * as Pretty from 'pino-pretty'
import type { CommonSettings } from '../settings/common-settings.js'

export type { Logger } from 'pino'

export type LoggerOptions = {
  readonly name: string
  readonly settings: Pick<CommonSettings, 'logLevel' | 'logFormat'>
  /** The stream to write to; its `isTTY` decides what `auto` means. */
  readonly stream: DestinationStream & { readonly isTTY?: boolean }
}

/**
 * Writes one JSON object per line, or one readable line, depending on `LOG_FORMAT`. Writes at once: a crash loses no
 * line.
 */
export const createLogger = ({ name, settings, stream }: LoggerOptions): Logger => {
  const isPretty = settings.logFormat === 'pretty' || (settings.logFormat === 'auto' && stream.isTTY === true)
  return pino(
    {
      name,
      level: settings.logLevel,
      base: { name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: ['*.password', 'password', '*.sasl', 'sasl', 'KAFKA_SASL_PASSWORD'],
    },
    isPretty ? createPrettyStream(stream) : stream,
  )
}

/** Loads the pretty printer only when it is needed: it would add thirty modules to each start. */
const createPrettyStream = (destination: DestinationStream): DestinationStream => {
  const { PinoPretty } = createRequire(import.meta.url)('pino-pretty') as typeof Pretty
  return PinoPretty({
    destination,
    colorize: 'isTTY' in destination && destination.isTTY === true,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,hostname,name',
    messageFormat: '{name}: {msg}',
    // The message says everything in words; the fields are for machines.
    hideObject: true,
    sync: true,
  })
}
