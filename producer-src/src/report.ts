import type { Input } from '@kafka-etl/common'
import type { Batch } from './plan-round.js'

/** Logs sent since the last line, by input. */
export type SentCounts = { readonly first: number; readonly last: number; readonly perInput: readonly number[] }

/** Counts batches together; indexes within a batch rise. */
export const summarize = (batches: readonly Batch[], inputCount: number): SentCounts => {
  const perInput = Array.from({ length: inputCount }, () => 0)
  for (const { inputIndex, indexes } of batches) perInput[inputIndex] = (perInput[inputIndex] ?? 0) + indexes.length
  return {
    first: Math.min(...batches.map(({ indexes }) => indexes[0] ?? Number.POSITIVE_INFINITY)),
    last: Math.max(...batches.map(({ indexes }) => indexes.at(-1) ?? 0)),
    perInput,
  }
}

/**
 * One line for what was sent: `sent log 11 to timezone1 (America/New_York)`, or `sent logs 0 to 999: 480 to timezone1
 * (America/New_York), 520 to timezone2 (Europe/Paris)`.
 */
export const formatSent = ({ first, last, perInput }: SentCounts, inputs: readonly Input[]): string => {
  const total = perInput.reduce((sum, count) => sum + count, 0)
  const shares = inputs.flatMap(({ topic, zone }, index) => {
    const count = perInput[index] ?? 0
    if (count === 0) return []
    return [total === 1 ? `${topic} (${zone})` : `${count} to ${topic} (${zone})`]
  })
  return total === 1 ? `sent log ${last} to ${shares.join('')}` : `sent logs ${first} to ${last}: ${shares.join(', ')}`
}
