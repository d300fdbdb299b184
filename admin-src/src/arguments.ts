import { InvalidArgumentError } from 'commander'
import type { LetterCoordinates } from './dead-letters/plan-replay.js'

/** Parsers of the commands' arguments. Each throws a sentence that says what was expected and what came. */

export const parseOffset = (text: string): bigint => {
  if (/^\d{1,18}$/.test(text)) return BigInt(text)
  throw new InvalidArgumentError(`Expected an offset (a whole number from 0), got ${quote(text)}.`)
}

export const parsePartition = (text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError(`Expected a partition (a whole number from 0), got ${quote(text)}.`)
}

export const parseLimit = (text: string): number => {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text)
  throw new InvalidArgumentError(`Expected a whole number from 1 to 99999, got ${quote(text)}.`)
}

export const parseCoordinates = (text: string): LetterCoordinates => {
  const [, partition, offset] = /^(\d{1,9})\/(\d{1,18})$/.exec(text) ?? []
  if (partition !== undefined && offset !== undefined) return { partition: Number(partition), offset: BigInt(offset) }
  throw new InvalidArgumentError(`Expected <partition>/<offset>, such as 0/17, got ${quote(text)}.`)
}

/** Adds another value of an option that takes several. */
export const collectCoordinates = (text: string, before: readonly LetterCoordinates[] = []): LetterCoordinates[] => [
  ...before,
  parseCoordinates(text),
]

const isoTime = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/

/**
 * An instant: ISO 8601 with an offset, since a time without one is ambiguous. Times before 1970 count as 1970: no
 * record is older, and Kafka gives lower numbers a special meaning.
 */
export const parseTime = (text: string): number => {
  const day = isoTime.exec(text)?.[1]
  const epochMs = day !== undefined && isDay(day) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(epochMs)) return Math.max(0, epochMs)
  throw new InvalidArgumentError(`Expected a time such as 2024-02-05T10:00:00-05:00 or …Z, got ${quote(text)}.`)
}

/** Checks the day, since `Date` takes 30 February for 1 March. */
const isDay = (text: string): boolean => {
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

const quote = (text: string): string => JSON.stringify(text)
