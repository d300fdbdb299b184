import { describe, expect, it } from '@jest/globals'
import { createLedger, type Balance, type Ledger, type LedgerBounds } from '../../src/audit/ledger.js'

const boundsOf = (start: number, committed: number, changes: Partial<LedgerBounds> = {}): LedgerBounds => ({
  start,
  committed,
  countsUnmarked: true,
  markedFrom: 0,
  ...changes,
})

const place = (offset: number, topic = 'unified'): { topic: string; partition: number; offset: string } => ({
  topic,
  partition: 0,
  offset: String(offset),
})

const fill = (ledger: Ledger, records: readonly number[], outputs: readonly number[]): void => {
  records.forEach((offset) => ledger.addRecord(offset))
  outputs.forEach((offset, at) => ledger.addOutput(offset, place(at)))
}

const faults = ({ lost, duplicates, reordered, unexpected }: Balance): Record<string, readonly string[]> => ({
  lost: lost.list(),
  duplicates: duplicates.list(),
  reordered: reordered.list(),
  unexpected: unexpected.list(),
})

const none = { lost: [], duplicates: [], reordered: [], unexpected: [] }

describe('createLedger', () => {
  it('is balanced when each committed record has one output or dead letter', () => {
    const ledger = createLedger(boundsOf(0, 4))
    fill(ledger, [0, 1, 3], [0, 3])
    ledger.addDeadLetter(1, place(0, 'dead'))
    const balance = ledger.balance(new Set())
    expect(faults(balance)).toEqual(none)
    expect(balance).toMatchObject({ records: 3, outputs: 2, deadLetters: 1, pending: 0, gone: 0 })
  })

  it('calls records from the committed offset on pending, and welcomes their outputs', () => {
    const ledger = createLedger(boundsOf(0, 1))
    fill(ledger, [0, 1, 2], [0, 1])
    expect(ledger.balance(new Set())).toMatchObject({ pending: 1 })
    expect(faults(ledger.balance(new Set()))).toEqual(none)
  })

  it('finds lost records, as stretches', () => {
    const ledger = createLedger(boundsOf(0, 10))
    fill(ledger, [0, 1, 2, 3, 5, 6, 9], [0, 5, 6])
    expect(faults(ledger.balance(new Set()))).toEqual({ ...none, lost: ['1-3', '9'] })
  })

  it('finds a duplicate that follows at once, comes late, or is a dead letter', () => {
    const ledger = createLedger(boundsOf(0, 3))
    fill(ledger, [0, 1, 2], [0, 0, 1, 2, 1])
    ledger.addDeadLetter(2, place(0, 'dead'))
    expect(faults(ledger.balance(new Set()))).toEqual({
      ...none,
      duplicates: ['unified/0/1 repeats 0', 'unified/0/4 repeats 1', 'dead/0/0 repeats 2'],
    })
  })

  it('finds outputs out of order, but not across topics or partitions', () => {
    const ledger = createLedger(boundsOf(0, 5))
    fill(ledger, [0, 1, 2, 3, 4], [1, 0, 3])
    ledger.addDeadLetter(2, place(0, 'dead'))
    ledger.addOutput(4, { topic: 'unified', partition: 1, offset: '0' })
    expect(faults(ledger.balance(new Set()))).toEqual({ ...none, reordered: ['unified/0/1 brings 0 after 1'] })
  })

  it('finds outputs of records that are not there, unless those may be deleted', () => {
    const ledger = createLedger(boundsOf(5, 7))
    fill(ledger, [5, 6], [3, 4, 5, 6, 8])
    expect(faults(ledger.balance(new Set()))).toEqual({ ...none, unexpected: ['8'] })
  })

  it('cannot tell of records whose outputs may be deleted, and can of later ones', () => {
    const ledger = createLedger(boundsOf(0, 6))
    fill(ledger, [0, 1, 2, 3, 4, 5], [2, 3, 5])
    const balance = ledger.balance(new Set(['unified']))
    expect(balance.gone).toBe(2)
    expect(faults(balance)).toEqual({ ...none, lost: ['4'] })
  })

  it('can tell nothing of committed records when all outputs are deleted', () => {
    const ledger = createLedger(boundsOf(0, 2))
    fill(ledger, [0, 1, 2], [])
    expect(ledger.balance(new Set(['unified']))).toMatchObject({ gone: 2, pending: 1 })
  })
})

describe('createLedger of an input topic that was made again', () => {
  const fillMarked = ({ marked }: Ledger, outputs: readonly number[]): void =>
    outputs.forEach((offset, at) => marked.addOutput(offset, place(at + 10)))

  it('balances marked outputs with the present records, and leaves the earlier topic’s', () => {
    const ledger = createLedger(boundsOf(0, 3))
    fill(ledger, [0, 1, 2], [0, 1, 2, 3, 4])
    fillMarked(ledger, [0, 1, 2])
    ledger.addEarlier()
    const balance = ledger.balance(new Set())
    expect(faults(balance)).toEqual(none)
    expect(balance).toMatchObject({ records: 3, outputs: 3, earlier: 6 })
  })

  it('finds lost records although the earlier topic had outputs of their offsets', () => {
    const ledger = createLedger(boundsOf(0, 3))
    fill(ledger, [0, 1, 2], [0, 1, 2])
    fillMarked(ledger, [0, 2])
    expect(faults(ledger.balance(new Set()))).toEqual({ ...none, lost: ['1'] })
  })

  it('finds them lost also if none is marked, where the position says that all are', () => {
    const ledger = createLedger(boundsOf(0, 2, { countsUnmarked: false }))
    fill(ledger, [0, 1], [0, 1])
    expect(faults(ledger.balance(new Set()))).toEqual({ ...none, lost: ['0-1'] })
  })

  it('can say nothing of records before the offset from which on outputs are marked', () => {
    const ledger = createLedger(boundsOf(0, 6, { countsUnmarked: false, markedFrom: 4 }))
    fill(ledger, [0, 1, 2, 3, 4, 5], [0, 1])
    fillMarked(ledger, [5])
    const balance = ledger.balance(new Set())
    expect(faults(balance)).toEqual({ ...none, lost: ['4'] })
    expect(balance).toMatchObject({ gone: 4, earlier: 2 })
  })
})
