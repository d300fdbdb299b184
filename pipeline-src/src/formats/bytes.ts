import { refuse, type Format } from './format.js'

/** The raw bytes of the value, null for a tombstone: for steps that read and write bytes themselves. */
export const bytes = (): Format<Buffer | null> => ({
  name: 'bytes',
  schema: {},
  reasons: [],
  decode: (value) => ({ ok: true, value }),
  encode: (value: unknown) => {
    if (value === null || Buffer.isBuffer(value)) return { ok: true, bytes: value }
    return refuse('value_not_valid', `expected bytes or null, got ${typeof value}`)
  },
})
