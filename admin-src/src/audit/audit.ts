import type { ConnectedContext } from '../context.js'
import type { Report } from '../report.js'
import { formatTable } from '@kafka-etl/common'
import type { Balance } from './ledger.js'
import { describeEngineJobs, listEngineJobs, type EngineJob } from './engine-boundary.js'
import { readBooks, type Books } from './read-books.js'

/** `audit`: checks that each committed input record has become exactly what its step makes of it, once and in order. */
export const reportAudit = async (context: ConnectedContext): Promise<Report> => {
  const books = await readBooks(context)
  const balances = new Map([...books.ledgers].map(([input, ledger]) => [input, ledger.balance()]))
  const faults = listFaults(balances, books)
  const engineJobs = await listEngineJobs(context)
  return {
    text: format({ balances, books, engineJobs, faults }),
    json: {
      ok: faults.length === 0,
      partitions: [...balances].map(([input, entry]) => ({ input, ...toJson(entry) })),
      foreign: books.foreign.count(),
      otherInputs: books.otherInputs.count(),
      engineJobs,
      faults,
    },
    exitCode: faults.length === 0 ? 0 : 1,
  }
}

const listFaults = (balances: ReadonlyMap<string, Balance>, { foreign, positionFaults }: Books): readonly string[] => [
  ...positionFaults,
  ...[...balances].flatMap(([input, { lost, duplicates, reordered, unexpected, different }]) => [
    ...sentence(lost, `lost of ${input}: offsets`),
    ...sentence(duplicates, `twice of ${input}:`),
    ...sentence(reordered, `out of order of ${input}:`),
    ...sentence(unexpected, `outputs of records that are not in ${input}: offsets`),
    ...sentence(different, `different from what the step makes of ${input}:`),
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

type Findings = {
  readonly balances: ReadonlyMap<string, Balance>
  readonly books: Books
  readonly engineJobs: readonly EngineJob[]
  readonly faults: readonly string[]
}

const format = ({ balances, books: { otherInputs }, engineJobs, faults }: Findings): string => {
  const table = formatTable(
    [
      'INPUT',
      'RECORDS',
      'OUTPUTS',
      'DEAD LETTERS',
      'PENDING',
      'GONE',
      'LOST',
      'TWICE',
      'OUT OF ORDER',
      'DIFFERENT',
      'DROPPED',
    ],
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
      entry.different.count(),
      sum(entry.dropped),
    ]),
  )
  const others =
    otherInputs.count() === 0
      ? []
      : [`Not checked: ${otherInputs.count()} outputs of topics that the pipeline does not read.`]
  const earlier = [...balances].flatMap(([input, { earlier: count }]) =>
    count === 0 ? [] : [`Not checked: ${count} outputs of an earlier topic of ${input}.`],
  )
  const verdict =
    faults.length === 0
      ? 'Nothing lost, nothing twice, nothing out of order, nothing different from what the steps make.'
      : faults.map((fault) => `✗ ${fault}`).join('\n')
  const dropped = [...balances].flatMap(([input, entry]) =>
    Object.entries(entry.dropped).map(([why, count]) => `Dropped of ${input}: ${count} (${why}).`),
  )
  return [table, ...dropped, ...others, ...earlier, ...describeEngineJobs(engineJobs), verdict].join('\n')
}

const toJson = (entry: Balance): Record<string, unknown> => ({
  ...entry,
  lost: entry.lost.count(),
  duplicates: entry.duplicates.count(),
  reordered: entry.reordered.count(),
  unexpected: entry.unexpected.count(),
  different: entry.different.count(),
})

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0)
