import type { Format } from '@kafka-etl/pipeline'

/**
 * A normalized log. `timestamp` is in ms since 1970; beyond the year 2255, only the record's text holds its
 * microseconds.
 */
export type UnifiedLog = {
  readonly timestamp: number
  readonly message: string
  readonly time: number
  readonly diff: number
}

/** Writes the given text, whose numbers are exact, and reads an object. */
export const unifiedLog = (): Format<UnifiedLog | string> => ({
  name: 'json',
  schema: {
    type: 'object',
    properties: {
      timestamp: { type: 'number' },
      message: { type: 'string' },
      time: { type: 'number' },
      diff: { type: 'number' },
    },
  },
  decode: (bytes) => ({ ok: true, value: JSON.parse(String(bytes)) as UnifiedLog }),
  encode: (log) => ({ ok: true, bytes: Buffer.from(typeof log === 'string' ? log : JSON.stringify(log)) }),
})
