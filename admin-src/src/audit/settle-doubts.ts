import type { LogRange, RecordView } from '@kafka-etl/kafka'
import type { MadeRecord } from '@kafka-etl/pipeline'
import type { ConnectedContext } from '../context.js'
import { readAll } from '../read-all.js'
import { partitionKey } from '../topics.js'
import type { Doubt } from './judge-outputs.js'
import type { Ledger } from './ledger.js'

type OfLedger = { readonly doubt: Doubt; readonly ledger: Ledger }

/** Reads the outputs in doubt once more, and compares all of their bytes that do not depend on the time of handling. */
export const settleDoubts = async (
  context: ConnectedContext,
  outputs: readonly LogRange[],
  ledgers: ReadonlyMap<string, Ledger>,
): Promise<void> => {
  const doubts = new Map<string, Map<number, OfLedger>>()
  for (const ledger of ledgers.values()) {
    for (const doubt of ledger.doubts) {
      const { place } = doubt.found
      const ofPartition = doubts.get(partitionKey(place)) ?? new Map<number, OfLedger>()
      ofPartition.set(place.offset, { doubt, ledger })
      doubts.set(partitionKey(place), ofPartition)
    }
  }
  const ranges = outputs.flatMap((log) => {
    const offsets = [...(doubts.get(partitionKey(log))?.keys() ?? [])]
    if (offsets.length === 0) return []
    const [from, to] = offsets.reduce(([low, high], at) => [Math.min(low, at), Math.max(high, at)], [Infinity, -1])
    return [{ ...log, from: BigInt(from), to: BigInt(to) + 1n }]
  })
  if (ranges.length === 0) return
  await readAll(context, ranges, (range, record) => {
    const found = doubts.get(partitionKey(range))?.get(record.offsetNumber)
    if (found && !isMadeAtSomeTime(record, found.doubt.made)) found.ledger.addDifferent(found.doubt.found)
  })
}

/** Whether the output equals what the step makes wherever the results for two times agree. */
export const isMadeAtSomeTime = (
  { key, value }: Pick<RecordView, 'key' | 'value'>,
  [first, second]: readonly [MadeRecord, MadeRecord],
): boolean => fits(key, first.key, second.key) && fits(value, first.value, second.value)

const fits = (found: Buffer | null, first: Buffer | null, second: Buffer | null): boolean => {
  if (first === null || second === null) return first === found
  // Results of different lengths cannot be compared.
  if (first.length !== second.length) return found !== null
  return found?.length === first.length && found.every((byte, at) => byte === first[at] || first[at] !== second[at])
}
