import { describe, expect, it } from '@jest/globals'
import { noMetadata } from '@kafka-etl/kafka'
import { markedFromKey, toPosition } from '../../src/positions.js'
import { describeMove, planMove, selectLogs, type MoveContext } from '../../src/reset/plan-reset.js'
import { findTarget } from '../../src/reset/target-options.js'

const log = { topic: 'timezone1', partition: 0, start: 10n, end: 22n, stableEnd: 20n }
const known = { position: toPosition(11n, noMetadata, 'id'), topicId: 'id', hasOutputs: true }
const logs = [log, { ...log, partition: 1 }, { ...log, topic: 'timezone2' }]

describe('planMove', () => {
  it.each([
    ['earliest', { kind: 'earliest' }, undefined, 10n],
    ['latest', { kind: 'latest' }, undefined, 20n],
    ['an offset', { kind: 'offset', offset: 15n }, undefined, 15n],
    ['the end as offset', { kind: 'offset', offset: 20n }, undefined, 20n],
    ['a time', { kind: 'time', epochMs: 1 }, 12n, 12n],
    ['a time after all records', { kind: 'time', epochMs: 1 }, undefined, 20n],
  ] as const)('%s', (_name, target, offsetAtTime, expected) => {
    expect(planMove(log, known, target, offsetAtTime).target).toBe(expected)
  })

  it.each([9n, 21n])('refuses offset %d, which the log does not have', (offset) => {
    expect(() => planMove(log, known, { kind: 'offset', offset }, undefined)).toThrow(
      `expected an offset from 10 to 20 for timezone1/0, got ${offset}`,
    )
  })
})

describe('planMove and what is kept beside the offset', () => {
  const target = { kind: 'earliest' } as const
  const metadataOf = (context: MoveContext): unknown => planMove(log, context, target, undefined).metadata
  const others = { format: 2 }

  it.each([
    ['gives an offset of an earlier release its topic', known, { topicId: 'id', isMarked: false, others: {} }],
    [
      'keeps the mark, and keys of other releases',
      { ...known, position: toPosition(11n, { topicId: 'id', isMarked: true, others }, 'id') },
      { topicId: 'id', isMarked: true, others },
    ],
    [
      'marks from there on if the offset is of an earlier topic',
      { ...known, position: toPosition(11n, { topicId: 'old', isMarked: false, others }, 'id') },
      { topicId: 'id', isMarked: true, others: { ...others, [markedFromKey]: 10 } },
    ],
    [
      'marks from there on if there is no offset, but there are outputs',
      { ...known, position: toPosition(undefined, noMetadata, 'id') },
      { topicId: 'id', isMarked: true, others: { [markedFromKey]: 10 } },
    ],
    [
      'marks nothing without outputs',
      { position: undefined, topicId: 'id', hasOutputs: false },
      { topicId: 'id', isMarked: false, others: {} },
    ],
    [
      'marks from the lowest of the offsets on',
      { ...known, position: toPosition(11n, { topicId: 'id', isMarked: true, others: { [markedFromKey]: 15 } }, 'id') },
      { topicId: 'id', isMarked: true, others: { [markedFromKey]: 10 } },
    ],
  ])('%s', (_name, context, expected) => {
    expect(metadataOf(context)).toEqual(expected)
  })
})

describe('selectLogs', () => {
  it.each([
    [undefined, undefined, 3],
    ['timezone1', undefined, 2],
    [undefined, 0, 2],
    ['timezone1', 1, 1],
  ])('topic %s, partition %s: %d', (topic, partition, count) => {
    expect(selectLogs(logs, { topic, partition })).toHaveLength(count)
  })

  it('refuses a scope without a partition', () => {
    expect(() => selectLogs(logs, { topic: 'timezone2', partition: 1 })).toThrow(
      'expected one of timezone1/0, timezone1/1, timezone2/0, got timezone2 partition 1',
    )
  })
})

describe('describeMove', () => {
  it.each([
    [undefined, 'sets the first offset'],
    [15n, 'stays'],
    [18n, '3 offsets again: their outputs will be there twice'],
    [10n, '5 offsets left out: their outputs will be missing'],
  ])('from %s to 15: %s', (committed, expected) => {
    expect(describeMove({ committed, target: 15n })).toBe(expected)
  })
})

describe('findTarget', () => {
  it('takes the one that is given', () => {
    expect(findTarget({ toOffset: 0n })).toEqual({ kind: 'offset', offset: 0n })
    expect(findTarget({ toEarliest: true })).toEqual({ kind: 'earliest' })
    expect(findTarget({ toLatest: true })).toEqual({ kind: 'latest' })
    expect(findTarget({ toTime: 0 })).toEqual({ kind: 'time', epochMs: 0 })
  })

  it('refuses none and several', () => {
    expect(() => findTarget({})).toThrow('got none')
    expect(() => findTarget({ toOffset: 0n, toTime: 0 })).toThrow('got --to-offset and --to-time')
  })
})
