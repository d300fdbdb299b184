import { isPlain } from './printable-ascii.js'
import type { Log } from './read-log.js'

export const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text))

/** The two layouts of a plain log: those of JSON.stringify and of Python's json.dumps. */
export const plainLayouts = [
  { head: bytesOf('{"date":"'), middle: bytesOf('","message":"') },
  { head: bytesOf('{"date": "'), middle: bytesOf('", "message": "') },
] as const

export const plainTail = bytesOf('"}')

const space = 0x20

/** The layout that a value starting at `start` may have. */
export const plainLayoutAt = (value: Uint8Array, start: number): (typeof plainLayouts)[number] =>
  plainLayouts[value[start + 8] === space ? 1 : 0]

export const holds = (bytes: Uint8Array, at: number, expected: Uint8Array): boolean => {
  for (let index = 0; index < expected.length; index++) {
    if (bytes[at + index] !== expected[index]) return false
  }
  return true
}

const endOfPlain = (value: Uint8Array, start: number): number => {
  let at = start
  while (at < value.length && isPlain(value[at] ?? 0)) at++
  return at
}

/**
 * The same as `readLog` of the value's text, without JSON.parse, for values of the usual shape: only the two fields, in
 * order, both of printable ASCII without escapes. Undefined for any other value.
 */
export const readPlainLog = (value: Buffer): Log | undefined => {
  const { head, middle } = plainLayoutAt(value, 0)
  const dateEnd = endOfPlain(value, head.length)
  const messageAt = dateEnd + middle.length
  const messageEnd = endOfPlain(value, messageAt)
  if (messageEnd + plainTail.length !== value.length) return undefined
  if (!holds(value, 0, head) || !holds(value, dateEnd, middle) || !holds(value, messageEnd, plainTail)) return undefined
  return {
    ok: true,
    date: value.toString('latin1', head.length, dateEnd),
    readMessage: () => value.toString('latin1', messageAt, messageEnd),
  }
}
