import { describe, expect, it } from '@jest/globals'
import type { InputRecord, MadeRecord, StepOutcome } from '@kafka-etl/pipeline'
import { createLedger, type Balance, type Ledger, type LedgerBounds } from '../../src/audit/ledger.js'
import type { FoundOutput } from '../../src/audit/output-book.js'
import { hashRecord } from '../../src/audit/record-hash.js'
import { isMadeAtSomeTime } from '../../src/audit/settle-doubts.js'

const boundsOf = (start: number, committed: number, changes: Partial<LedgerBounds> = {}): LedgerBounds => ({
  start,
  committed,
  countsUnmarked: true,
  markedFrom: 0,
  isCompacted: false,
  deadLetters: { topic: 'dead', partition: 0 },
  ...changes,
})

const made = (topic: string, value: string, index = 0): MadeRecord => ({
  alias: topic,
  topic,
  partition: 0,
  key: null,
  value: Buffer.from(value),
  headers: [],
  index,
  eventTimeMs: undefined,
  warning: undefined,
})

/** What a record becomes, depending on its value. */
const step = ({ value, handledAtMs }: InputRecord): StepOutcome => {
  switch (String(value)) {
    case 'free':
      return { kind: 'dropped', why: 'free' }
    case 'bad':
      return { kind: 'rejected', reason: 'bad', message: 'expected another' }
    case 'two':
      return { kind: 'made', records: [made('unified', 'a'), made('unified', 'b', 1), made('other', 'c')] }
    case 'timed':
      return { kind: 'made', records: [made('unified', `at ${handledAtMs}`)] }
    default:
      return { kind: 'made', records: [made('unified', 'log')] }
  }
}

const ledgerOf = (bounds: LedgerBounds, deleted: readonly string[] = []): Ledger =>
  createLedger(
    bounds,
    { deleted: new Set(deleted), compacted: new Set() },
    { add: (record) => [{ record, outcome: step(record) }], again: step },
  )

const found = (source: number, at: number, changes: Partial<FoundOutput> = {}): FoundOutput => ({
  source,
  place: { topic: 'unified', partition: 0, offset: at },
  index: 0,
  reason: undefined,
  hash: hashRecord(made('unified', 'log')),
  timestampMs: 1_700_000_000_000,
  ...changes,
})

const letter = (source: number, value: string, reason = 'bad'): FoundOutput =>
  found(source, 0, {
    place: { topic: 'dead', partition: 0, offset: 0 },
    reason,
    hash: hashRecord({ key: null, value: Buffer.from(value), headers: [] }),
  })

const addRecords = (ledger: Ledger, records: readonly (number | readonly [number, string])[]): void =>
  records.forEach((record) => {
    const [offset, value] = typeof record === 'number' ? ([record, 'log'] as const) : record
    const place = { topic: 'logs', partition: 0, offset: BigInt(offset) }
    ledger.addRecord({ ...place, key: null, value: Buffer.from(value), headers: [], timestampMs: 0 })
  })

const addOutputs = (ledger: Ledger, sources: readonly number[]): void =>
  sources.forEach((source, at) => ledger.unmarked.add(found(source, at)))

const faults = ({ lost, duplicates, reordered, unexpected, different }: Balance) => ({
  lost: lost.list(),
  duplicates: duplicates.list(),
  reordered: reordered.list(),
  unexpected: unexpected.list(),
  different: different.list(),
})

const none = { lost: [], duplicates: [], reordered: [], unexpected: [], different: [] }

describe('createLedger', () => {
  it('is balanced if each committed record has what its step makes of it', () => {
    const ledger = ledgerOf(boundsOf(0, 5))
    addOutputs(ledger, [0, 3])
    ledger.unmarked.add(letter(1, 'bad'))
    addRecords(ledger, [0, [1, 'bad'], 3, [4, 'free']])
    const balance = ledger.balance()
    expect(faults(balance)).toEqual(none)
    expect(balance).toMatchObject({ records: 4, outputs: 2, deadLetters: 1, pending: 0, gone: 0, dropped: { free: 1 } })
  })

  it('counts what the step drops, by reason', () => {
    const ledger = ledgerOf(boundsOf(0, 3))
    addOutputs(ledger, [1])
    addRecords(ledger, [[0, 'free'], 1, [2, 'free']])
    const balance = ledger.balance()
    expect(faults(balance)).toEqual(none)
    expect(balance).toMatchObject({ dropped: { free: 2 }, pending: 0 })
  })

  it('calls records from the committed offset on pending, and welcomes their outputs', () => {
    const ledger = ledgerOf(boundsOf(0, 1))
    addOutputs(ledger, [0, 1])
    addRecords(ledger, [0, 1, 2])
    expect(ledger.balance()).toMatchObject({ pending: 1 })
    expect(faults(ledger.balance())).toEqual(none)
  })

  it('finds lost records, as stretches', () => {
    const ledger = ledgerOf(boundsOf(0, 10))
    addOutputs(ledger, [0, 5, 6])
    addRecords(ledger, [0, 1, 2, 3, 5, 6, 9])
    expect(faults(ledger.balance())).toEqual({ ...none, lost: ['1-3', '9'] })
  })

  it('finds one lost of the outputs that a record has', () => {
    const ledger = ledgerOf(boundsOf(0, 1))
    ledger.unmarked.add(found(0, 0, { hash: hashRecord(made('unified', 'a')) }))
    ledger.unmarked.add(found(0, 1, { hash: hashRecord(made('unified', 'b')), index: 1 }))
    addRecords(ledger, [[0, 'two']])
    expect(faults(ledger.balance())).toEqual({ ...none, lost: ['0'] })
  })

  it('finds a duplicate that follows at once, comes late, or is a dead letter', () => {
    const ledger = ledgerOf(boundsOf(0, 3))
    addOutputs(ledger, [0, 0, 1, 2, 1])
    ledger.unmarked.add(letter(2, 'log'))
    addRecords(ledger, [0, 1, 2])
    expect(faults(ledger.balance())).toEqual({
      ...none,
      duplicates: ['unified/0/1 repeats 0', 'unified/0/4 repeats 1', 'dead/0/0 repeats 2'],
    })
  })

  it('finds outputs out of order, but not across topics or partitions', () => {
    const ledger = ledgerOf(boundsOf(0, 5))
    addOutputs(ledger, [1, 0, 3])
    ledger.unmarked.add(letter(2, 'bad'))
    ledger.unmarked.add(found(4, 0, { place: { topic: 'unified', partition: 1, offset: 0 } }))
    addRecords(ledger, [0, 1, [2, 'bad'], 3, 4])
    expect(faults(ledger.balance())).toEqual({ ...none, reordered: ['unified/0/1 brings 0 after 1'] })
  })

  it('finds outputs and dead letters that the step does not make so', () => {
    const ledger = ledgerOf(boundsOf(0, 4))
    ledger.unmarked.add(found(0, 0, { hash: hashRecord(made('unified', 'changed')) }))
    ledger.unmarked.add(found(1, 1))
    ledger.unmarked.add(letter(2, 'bad', 'other'))
    ledger.unmarked.add(letter(3, 'log', 'step_failed'))
    addRecords(ledger, [0, [1, 'bad'], [2, 'bad'], 3])
    expect(faults(ledger.balance())).toEqual({
      ...none,
      different: ['unified/0/0 of 0', 'unified/0/1 of 1', 'dead/0/0 of 2'],
    })
  })

  it('compares what depends on the time by the time of the output, and doubts what another clock has stamped', () => {
    const ledger = ledgerOf(boundsOf(0, 2))
    ledger.unmarked.add(found(0, 0, { hash: hashRecord(made('unified', 'at 1700000000000')) }))
    ledger.unmarked.add(found(1, 1, { hash: hashRecord(made('unified', 'at 1700000000001')) }))
    addRecords(ledger, [
      [0, 'timed'],
      [1, 'timed'],
    ])
    expect(faults(ledger.balance())).toEqual(none)
    const [doubt, ...others] = ledger.doubts
    expect(others).toEqual([])
    if (!doubt) throw new Error('expected a doubt, got none')
    expect(isMadeAtSomeTime({ key: null, value: Buffer.from('at 1700000000001') }, doubt.made)).toBe(true)
    expect(isMadeAtSomeTime({ key: null, value: Buffer.from('on 1700000000001') }, doubt.made)).toBe(false)
  })

  it('finds outputs of records that are not there, or of which the step makes none, unless those may be deleted', () => {
    const ledger = ledgerOf(boundsOf(5, 7))
    addOutputs(ledger, [3, 4, 5, 6, 8])
    addRecords(ledger, [5, [6, 'free']])
    expect(faults(ledger.balance())).toEqual({ ...none, unexpected: ['6', '8'] })
  })

  it('cannot tell of records whose outputs may be deleted, and can of later ones', () => {
    const ledger = ledgerOf(boundsOf(0, 6), ['unified/0'])
    addOutputs(ledger, [2, 3, 5])
    addRecords(ledger, [0, 1, 2, 3, 4, 5])
    const balance = ledger.balance()
    expect(balance.gone).toBe(2)
    expect(faults(balance)).toEqual({ ...none, lost: ['4'] })
  })

  it('can tell nothing of committed records when all outputs are deleted', () => {
    const ledger = ledgerOf(boundsOf(0, 2), ['unified/0'])
    addRecords(ledger, [0, 1, 2])
    expect(ledger.balance()).toMatchObject({ gone: 2, pending: 1 })
  })
})

describe('createLedger of an input topic that was made again', () => {
  const addMarked = ({ marked }: Ledger, sources: readonly number[]): void =>
    sources.forEach((source, at) => marked.add(found(source, at + 10)))

  it('balances marked outputs with the present records, and leaves the earlier topic’s', () => {
    const ledger = ledgerOf(boundsOf(0, 3))
    addOutputs(ledger, [0, 1, 2, 3, 4])
    addMarked(ledger, [0, 1, 2])
    ledger.addEarlier()
    addRecords(ledger, [0, 1, 2])
    const balance = ledger.balance()
    expect(faults(balance)).toEqual(none)
    expect(balance).toMatchObject({ records: 3, outputs: 3, earlier: 6 })
  })

  it('finds lost records although the earlier topic had outputs of their offsets', () => {
    const ledger = ledgerOf(boundsOf(0, 3))
    addOutputs(ledger, [0, 1, 2])
    addMarked(ledger, [0, 2])
    addRecords(ledger, [0, 1, 2])
    expect(faults(ledger.balance())).toEqual({ ...none, lost: ['1'] })
  })

  it('finds them lost also if none is marked, where the position says that all are', () => {
    const ledger = ledgerOf(boundsOf(0, 2, { countsUnmarked: false }))
    addOutputs(ledger, [0, 1])
    addRecords(ledger, [0, 1])
    expect(faults(ledger.balance())).toEqual({ ...none, lost: ['0-1'] })
  })

  it('can say nothing of records before the offset from which on outputs are marked', () => {
    const ledger = ledgerOf(boundsOf(0, 6, { countsUnmarked: false, markedFrom: 4 }))
    addOutputs(ledger, [0, 1])
    addMarked(ledger, [5])
    addRecords(ledger, [0, 1, 2, 3, 4, 5])
    const balance = ledger.balance()
    expect(faults(balance)).toEqual({ ...none, lost: ['4'] })
    expect(balance).toMatchObject({ gone: 4, earlier: 2 })
  })
})
