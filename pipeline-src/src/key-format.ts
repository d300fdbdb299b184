import type { Topic } from './definition.js'
import { createMakeKey, type Key } from './key.js'
import { refuse, type Refused } from './formats/format.js'

/**
 * Creates the function that encodes a key: text and bytes as they are, other values with the topic's `keyFormat`.
 * Undefined stays undefined, which means that no key was given. Throws for anything that cannot be a key.
 */
export const createEncodeKey =
  ({ keyFormat }: Pick<Topic<unknown>, 'keyFormat'>): ((key: unknown) => Buffer | null | undefined) =>
  (key) => {
    if (key === undefined || key === null || Buffer.isBuffer(key)) return key
    if (keyFormat !== undefined) {
      const encoded = keyFormat.encode(key, { handledAtMs: 0 })
      if (!encoded.ok) throw new Error(`key: ${encoded.message}`)
      return encoded.bytes
    }
    if (typeof key !== 'string') throw new Error(`expected a key of text, got ${typeof key}`)
    return Buffer.from(key)
  }

/** Creates the key of a value, not yet encoded; undefined if the topic defines no key. */
export const makeKeyOf = ({
  key,
  keyFormat,
}: Pick<Topic<unknown>, 'key' | 'keyFormat'>): ((value: unknown, source: string) => unknown) | undefined => {
  if (key === undefined) return undefined
  if (keyFormat !== undefined && typeof key === 'function') return (value) => key(value)
  return createMakeKey(key as Key<Record<string, unknown>>)
}

export type DecodedKey = { readonly ok: true; readonly keyValue: unknown } | Refused

/**
 * Creates the function that decodes the keys of a topic with `keyFormat`. A record without a key has the key value
 * null.
 */
export const createDecodeKey = ({
  keyFormat,
}: Pick<Topic<unknown>, 'keyFormat'>): ((key: Buffer | null) => DecodedKey) | undefined =>
  keyFormat &&
  ((key) => {
    if (key === null) return noKey
    const decoded = keyFormat.decode(key)
    return decoded.ok ? { ok: true, keyValue: decoded.value } : refuse(decoded.reason, `key: ${decoded.message}`)
  })

const noKey: DecodedKey = { ok: true, keyValue: null }
