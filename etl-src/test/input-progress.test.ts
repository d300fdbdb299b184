import { describe, expect, it } from '@jest/globals'
import { createInputProgress, type InputState } from '../src/input-progress.js'

const state = (changes: Partial<InputState>): InputState => ({
  topic: 't',
  partition: 0,
  committed: 5n,
  start: 0n,
  stableEnd: 9n,
  end: 9n,
  ...changes,
})

describe('the progress of all inputs', () => {
  const waitingAfter = (...states: readonly InputState[]): readonly number[] => {
    const progress = createInputProgress()
    states.forEach((each, second) => progress.observe([each], second * 1_000))
    return progress.unread((states.length - 1) * 1_000, 0).map(({ waitingMs }) => waitingMs)
  }

  it('waits from when there was something to read, or the offset moved last', () => {
    const [behind, done] = [state({}), state({ committed: 9n })]
    expect(waitingAfter(behind, behind, behind)).toEqual([2_000])
    expect(waitingAfter(done, behind, behind)).toEqual([1_000])
    expect(waitingAfter(behind, state({ committed: 6n }), state({ committed: 6n }))).toEqual([1_000])
    expect(waitingAfter(behind, behind, done)).toEqual([])
    expect(waitingAfter(state({ committed: undefined }), state({ committed: undefined }))).toEqual([1_000])
  })

  it('has nothing to read in an empty log, or behind what an open transaction hides', () => {
    expect(waitingAfter(state({ committed: undefined, start: 9n }))).toEqual([])
    expect(waitingAfter(state({ stableEnd: 5n }))).toEqual([])
  })

  it('says how much is held back, and since when', () => {
    const progress = createInputProgress()
    const heldBack = (nowMs: number, changes: Partial<InputState>): readonly (readonly number[])[] => {
      progress.observe([state(changes)], nowMs)
      return progress.heldBack(nowMs).map(({ records, heldMs }) => [records, heldMs])
    }
    expect(heldBack(0, {})).toEqual([])
    expect(heldBack(1_000, { end: 10n })).toEqual([[1, 0]])
    expect(heldBack(3_000, { end: 12n })).toEqual([[3, 2_000]])
    expect(heldBack(4_000, { stableEnd: 11n, end: 12n })).toEqual([[1, 0]])
    expect(heldBack(5_000, { stableEnd: 12n, end: 12n })).toEqual([])
  })
})
