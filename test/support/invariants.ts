import { coordinatesOf, sourceOf } from './expected-records.js'
import type { TopicRecord } from './oracle-records.js'

const shownCount = 10

const show = (items: readonly string[]): string =>
  `${items.slice(0, shownCount).join(', ')}${items.length > shownCount ? `, and ${items.length - shownCount} more` : ''}`

const count = (items: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1)
  return counts
}

/** The difference of two multisets: what the first contains more often than the second. */
const excess = (items: readonly string[], others: readonly string[]): string[] => {
  const counts = count(others)
  return items.filter((item) => {
    const left = counts.get(item) ?? 0
    counts.set(item, left - 1)
    return left <= 0
  })
}

/** Fails if the two contain different items, or the same item a different number of times; order does not matter. */
export const assertSameMultiset = (what: string, expected: readonly string[], actual: readonly string[]): void => {
  const missing = excess(expected, actual)
  const surplus = excess(actual, expected)
  if (missing.length + surplus.length === 0) return
  throw new Error(
    `Expected ${what} to hold each of ${expected.length} once, got ${actual.length}: ` +
      `${missing.length} missing (${show(missing)}), ${surplus.length} too many (${show(surplus)})`,
  )
}

/** Fails if an item occurs twice. */
export const assertNoDuplicates = (what: string, items: readonly string[]): void => {
  const twice = [...count(items)].filter(([, times]) => times > 1).map(([item, times]) => `${item} (${times} times)`)
  if (twice.length > 0)
    throw new Error(`Expected nothing twice in ${what}, got ${twice.length} repeated: ${show(twice)}`)
}

/** Fails unless the numbers, in any order, run from the first to the last without a gap. */
export const assertNoGaps = (what: string, numbers: readonly bigint[]): void => {
  const sorted = numbers.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const gaps = sorted.flatMap((number, index) => {
    const before = sorted[index - 1]
    return before !== undefined && number > before + 1n ? [`${before} to ${number}`] : []
  })
  if (gaps.length > 0) throw new Error(`Expected no gap in ${what}, got ${gaps.length}: ${show(gaps)}`)
}

/** I1: every input is in the outputs or in the dead letters, exactly once. */
export const assertEachExactlyOnce = (topics: {
  readonly inputs: readonly TopicRecord[]
  readonly unified: readonly TopicRecord[]
  readonly deadLetters: readonly TopicRecord[]
}): void => {
  const { inputs, unified, deadLetters } = topics
  assertSameMultiset('outputs and dead letters', inputs.map(coordinatesOf), [...unified, ...deadLetters].map(sourceOf))
}

/**
 * I3: within one topic of outputs, the records of each input partition keep the order of that partition, and are in one
 * output partition. The records must be in offset order within their partition, as they were read.
 */
export const assertOrderedPerSource = (outputs: readonly TopicRecord[]): void => {
  const last = new Map<string, { readonly offset: bigint; readonly partition: number }>()
  for (const record of outputs) {
    const source = sourceOf(record)
    const slash = source.lastIndexOf('/')
    const [partition, offset] = [source.slice(0, slash), BigInt(source.slice(slash + 1))]
    const before = last.get(partition)
    if (before !== undefined && before.partition !== record.partition) {
      throw new Error(
        `Expected ${partition} in output partition ${before.partition} only, got ${source} at ${coordinatesOf(record)}`,
      )
    }
    if (before !== undefined && offset <= before.offset) {
      throw new Error(
        `Expected ${partition} in its order, got ${source} at ${coordinatesOf(record)} after offset ${before.offset}`,
      )
    }
    last.set(partition, { offset, partition: record.partition })
  }
}

/** I8: what an observer saw during the faults equals the final state: nothing repeated, nothing taken back. */
export const assertObserverAgrees = (seen: readonly TopicRecord[], final: readonly TopicRecord[]): void => {
  assertNoDuplicates('what the observer saw', seen.map(coordinatesOf))
  assertSameMultiset('what the observer saw', final.map(coordinatesOf), seen.map(coordinatesOf))
  assertNoDuplicates('the sources that the observer saw', seen.map(sourceOf))
}

/** I9: everything acknowledged is in the topics; everything else is there at most once. */
export const assertLedgerKept = (acknowledged: readonly string[], topicIds: readonly string[]): void => {
  assertNoDuplicates('the ids in the topics', topicIds)
  const lost = excess(acknowledged, topicIds)
  if (lost.length > 0) throw new Error(`Expected every acknowledged record, got ${lost.length} lost: ${show(lost)}`)
}
