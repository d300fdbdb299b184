import { describe, expect, it } from '@jest/globals'
import {
  assertEachExactlyOnce,
  assertLedgerKept,
  assertNoDuplicates,
  assertNoGaps,
  assertObserverAgrees,
  assertOrderedPerSource,
  assertSameMultiset,
} from '../../support/invariants.js'
import { recordAt } from './records.js'

const inputs = [recordAt('in/0/0'), recordAt('in/0/1'), recordAt('in/1/0')]
const unified = [recordAt('out/0/0', 'in/0/0'), recordAt('out/1/0', 'in/1/0')]
const deadLetters = [recordAt('dead/0/0', 'in/0/1')]

describe('assertEachExactlyOnce', () => {
  it('holds when every input is in the outputs or the dead letters', () => {
    expect(() => assertEachExactlyOnce({ inputs, unified, deadLetters })).not.toThrow()
  })

  it('fails on one lost, one repeated, one in both topics, one that nobody wrote, one without source', () => {
    expect(() => assertEachExactlyOnce({ inputs, unified, deadLetters: [] })).toThrow(/1 missing \(in\/0\/1\)/)
    const twice = [...unified, recordAt('out/0/5', 'in/0/0')]
    expect(() => assertEachExactlyOnce({ inputs, unified: twice, deadLetters })).toThrow(/1 too many \(in\/0\/0\)/)
    const both = [...deadLetters, recordAt('dead/0/1', 'in/0/0')]
    expect(() => assertEachExactlyOnce({ inputs, unified, deadLetters: both })).toThrow(/1 too many/)
    const invented = [...unified, recordAt('out/0/5', 'in/7/7')]
    expect(() => assertEachExactlyOnce({ inputs, unified: invented, deadLetters })).toThrow(/in\/7\/7/)
    expect(() => assertEachExactlyOnce({ inputs, unified: [recordAt('out/0/0')], deadLetters })).toThrow(
      /header source/,
    )
  })
})

describe('assertOrderedPerSource', () => {
  it('allows sources to mix, and gaps', () => {
    const outputs = [recordAt('out/0/0', 'a/0/1'), recordAt('out/0/1', 'b/0/1'), recordAt('out/0/2', 'a/0/9')]
    expect(() => assertOrderedPerSource(outputs)).not.toThrow()
  })

  it('fails on a step back, on a repeat, and on a second output partition', () => {
    expect(() => assertOrderedPerSource([recordAt('out/0/0', 'a/0/2'), recordAt('out/0/1', 'a/0/1')])).toThrow(/order/)
    expect(() => assertOrderedPerSource([recordAt('out/0/0', 'a/0/2'), recordAt('out/0/1', 'a/0/2')])).toThrow(/order/)
    expect(() => assertOrderedPerSource([recordAt('out/0/0', 'a/0/1'), recordAt('out/1/0', 'a/0/2')])).toThrow(/only/)
  })

  it('compares offsets as numbers, not as text', () => {
    const outputs = [recordAt('out/0/0', 'a/0/9'), recordAt('out/0/1', 'a/0/10')]
    expect(() => assertOrderedPerSource(outputs)).not.toThrow()
  })
})

describe('the invariants of plain lists', () => {
  it('assertNoDuplicates names what comes twice', () => {
    expect(() => assertNoDuplicates('the rows', ['a', 'b'])).not.toThrow()
    expect(() => assertNoDuplicates('the rows', ['a', 'b', 'a'])).toThrow(/a \(2 times\)/)
  })

  it('assertNoGaps names the hole', () => {
    expect(() => assertNoGaps('the offsets', [3n, 2n, 4n])).not.toThrow()
    expect(() => assertNoGaps('the offsets', [2n, 4n])).toThrow(/2 to 4/)
  })

  it('assertSameMultiset counts how often', () => {
    expect(() => assertSameMultiset('x', ['a', 'a', 'b'], ['b', 'a', 'a'])).not.toThrow()
    expect(() => assertSameMultiset('x', ['a', 'a'], ['a'])).toThrow(/1 missing \(a\), 0 too many/)
  })

  it('assertLedgerKept fails on an acknowledged id that is gone, and on any id twice', () => {
    expect(() => assertLedgerKept(['a'], ['a', 'unacknowledged'])).not.toThrow()
    expect(() => assertLedgerKept(['a', 'b'], ['a'])).toThrow(/1 lost: b/)
    expect(() => assertLedgerKept(['a'], ['a', 'b', 'b'])).toThrow(/twice/)
  })

  it('assertObserverAgrees fails on what was taken back, and on what came twice', () => {
    expect(() => assertObserverAgrees(unified, unified)).not.toThrow()
    expect(() => assertObserverAgrees(unified, unified.slice(1))).toThrow(/1 too many/)
    expect(() => assertObserverAgrees([...unified, ...unified], unified)).toThrow(/twice/)
  })
})
