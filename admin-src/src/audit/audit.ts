import type { ConnectedContext } from '../context.js'
import type { Report } from '../report.js'
import { formatTable } from '@kafka-etl/common'
import type { Balance } from './ledger.js'
import { readBooks, type Books } from './read-books.js'

/** `audit`: whether each committed input record has become exactly one output or dead letter, in order. */
export const reportAudit = async (context: ConnectedContext): Promise<Report> => {
  const books = await readBooks(context)
  await awaitMarkers(context, books)
  const balances = balance(books)
  const faults = listFaults(balances, books)
  return {
    text: format(balances, books, faults),
    json: {
      ok: faults.length === 0,
      partitions: [...balances].map(([input, entry]) => ({ input, ...toJson(entry) })),
      foreign: books.foreign.count(),
      otherInputs: books.otherInputs.count(),
      faults,
    },
    exitCode: faults.length === 0 ? 0 : 1,
  }
}

const balance = ({ ledgers, deletedTopics }: Books): ReadonlyMap<string, Balance> =>
  new Map([...ledgers].map(([input, ledger]) => [input, ledger.balance(deletedTopics)]))

const markerTimeoutMs = 5_000
const markerPauseMs = 100

/**
 * A transaction's offsets can be visible a moment before its outputs are: each partition gets its marker by itself. So
 * what seems lost is looked for again for a while.
 */
const awaitMarkers = async ({ clock }: ConnectedContext, books: Books): Promise<void> => {
  const deadlineMs = clock.monotonicMs() + markerTimeoutMs
  const isLosing = (): boolean => [...balance(books).values()].some(({ lost }) => lost.count() > 0)
  while (isLosing() && clock.monotonicMs() < deadlineMs) {
    const hasMore = await books.readOn()
    if (!hasMore) await clock.sleep(markerPauseMs)
  }
}

const listFaults = (balances: ReadonlyMap<string, Balance>, { foreign, positionFaults }: Books): readonly string[] => [
  ...positionFaults,
  ...[...balances].flatMap(([input, { lost, duplicates, reordered, unexpected }]) => [
    ...sentence(lost, `lost of ${input}: offsets`),
    ...sentence(duplicates, `twice of ${input}:`),
    ...sentence(reordered, `out of order of ${input}:`),
    ...sentence(unexpected, `outputs of records that are not in ${input}: offsets`),
  ]),
  ...sentence(foreign, 'written by somebody else:'),
]

const sentence = (
  { count, list }: { readonly count: () => number; readonly list: () => readonly string[] },
  what: string,
): readonly string[] =>
  count() === 0 ? [] : [`${count()} ${what} ${list().join(', ')}${isAll(count(), list()) ? '' : ', …'}`]

const isAll = (count: number, list: readonly string[]): boolean => {
  const shown = list.reduce((sum, entry) => {
    const [, first, last] = /^(\d+)-(\d+)$/.exec(entry) ?? []
    return sum + (first === undefined || last === undefined ? 1 : Number(last) - Number(first) + 1)
  }, 0)
  return shown === count
}

const format = (balances: ReadonlyMap<string, Balance>, { otherInputs }: Books, faults: readonly string[]): string => {
  const table = formatTable(
    ['INPUT', 'RECORDS', 'OUTPUTS', 'DEAD LETTERS', 'PENDING', 'GONE', 'LOST', 'TWICE', 'OUT OF ORDER'],
    [...balances].map(([input, entry]) => [
      input,
      entry.records,
      entry.outputs,
      entry.deadLetters,
      entry.pending,
      entry.gone,
      entry.lost.count(),
      entry.duplicates.count(),
      entry.reordered.count(),
    ]),
  )
  const others =
    otherInputs.count() === 0
      ? []
      : [`Not looked at: ${otherInputs.count()} outputs of topics that INPUTS does not have.`]
  const earlier = [...balances].flatMap(([input, { earlier: count }]) =>
    count === 0 ? [] : [`Not looked at: ${count} outputs of an earlier topic of ${input}.`],
  )
  const verdict =
    faults.length === 0
      ? 'Nothing lost, nothing twice, nothing out of order.'
      : faults.map((fault) => `✗ ${fault}`).join('\n')
  return [table, ...others, ...earlier, verdict].join('\n')
}

const toJson = (entry: Balance): Record<string, unknown> => ({
  ...entry,
  lost: entry.lost.count(),
  duplicates: entry.duplicates.count(),
  reordered: entry.reordered.count(),
  unexpected: entry.unexpected.count(),
})
