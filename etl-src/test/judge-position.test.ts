import type { CommittedOffset } from '@kafka-etl/kafka'
import { describe, expect, it } from '@jest/globals'
import { judgePosition, type PositionFacts, type StartPosition } from '../src/judge-position.js'

const committedAt = (partition: number, offset: bigint | undefined, metadata = ''): CommittedOffset => ({
  topic: 't',
  partition,
  offset,
  metadata,
})

describe('judgePosition', () => {
  const facts = (changes: Partial<PositionFacts>): PositionFacts => ({
    groupId: 'g',
    pipeline: 'p',
    topicId: 'B',
    committed: committedAt(1, 42n, '{"v":1,"topicId":"B"}'),
    log: { start: 7n, stableEnd: 80n, end: 90n },
    hasOutputs: true,
    ...changes,
  })
  const earlier = (topicId: string): StartPosition => ({
    topic: 't',
    partition: 1,
    offset: 7n,
    metadata: { topicId, isMarked: false, others: {} },
    kind: 'new to the group',
  })
  const atEnd = (topicId: string, offset: bigint): StartPosition => ({
    ...earlier(topicId),
    offset,
    kind: 'new at the end',
  })
  const judge = (changes: Partial<PositionFacts>): unknown => {
    const judged = judgePosition(facts(changes))
    if (judged.kind === 'outside') return judged.fault
    const { kind, offset, metadata } = judged
    return [kind, offset, metadata.topicId, metadata.isMarked]
  }

  it.each<[string, Partial<PositionFacts>, unknown]>([
    ['of the same topic', {}, ['committed', 42n, 'B', false]],
    [
      'of the same topic, made again before',
      { committed: committedAt(1, 42n, '{"v":1,"topicId":"B","marked":true}') },
      ['committed', 42n, 'B', true],
    ],
    ['of an earlier release', { committed: committedAt(1, 42n) }, ['committed', 42n, 'B', false]],
    ['of an earlier topic', { committed: committedAt(1, 42n, '{"v":1,"topicId":"A"}') }, ['made again', 7n, 'B', true]],
    [
      'of an earlier topic, beyond the end',
      { committed: committedAt(1, 4200n, '{"v":1,"topicId":"A"}') },
      ['made again', 7n, 'B', true],
    ],
    ['of a broker that knows no ids any more', { topicId: undefined }, ['committed', 42n, 'B', false]],
    [
      'none, with no output yet',
      { committed: committedAt(1, undefined), hasOutputs: false },
      ['new to the group', 7n, 'B', false],
    ],
    ['none, though there are outputs', { committed: committedAt(1, undefined) }, ['new to the group', 7n, 'B', true]],
    [
      'none, though there are outputs, beside a partition of the same topic',
      { committed: committedAt(1, undefined), siblings: [{ topicId: 'B', isMarked: false, others: {} }] },
      ['new to the group', 7n, 'B', false],
    ],
    [
      'none, beside a partition of the same topic that was made again',
      {
        committed: committedAt(1, undefined),
        hasOutputs: false,
        siblings: [
          { topicId: 'A', isMarked: false, others: {} },
          { topicId: 'B', isMarked: true, others: {} },
        ],
      },
      ['new to the group', 7n, 'B', true],
    ],
    [
      'none, as it was of the same topic before there were outputs',
      { committed: committedAt(1, undefined), earlier: earlier('B') },
      ['new to the group', 7n, 'B', false],
    ],
    [
      'none, as it was of an earlier topic',
      { committed: committedAt(1, undefined), earlier: earlier('A') },
      ['new to the group', 7n, 'B', true],
    ],
    [
      'none and no id',
      { committed: committedAt(1, undefined), topicId: undefined },
      ['new to the group', 7n, undefined, false],
    ],
    [
      'none, at the end if that is asked for, and open transactions are read',
      { committed: committedAt(1, undefined), hasOutputs: false, beginning: 'latest' },
      ['new at the end', 80n, 'B', false],
    ],
    [
      'none, where the end was when this process started',
      { committed: committedAt(1, undefined), hasOutputs: false, earlier: atEnd('B', 42n) },
      ['new at the end', 42n, 'B', false],
    ],
    [
      'none, where the end was, which retention has deleted',
      { committed: committedAt(1, undefined), hasOutputs: false, earlier: atEnd('B', 5n) },
      ['new to the group', 7n, 'B', false],
    ],
    [
      'none, where the end of an earlier topic was',
      { committed: committedAt(1, undefined), hasOutputs: false, earlier: atEnd('A', 42n) },
      ['new to the group', 7n, 'B', false],
    ],
    ['committed, whatever is asked for', { beginning: 'latest' }, ['committed', 42n, 'B', false]],
    ['at the end', { committed: committedAt(1, 90n) }, ['committed', 90n, 'B', false]],
    ['at the start', { committed: committedAt(1, 7n) }, ['committed', 7n, 'B', false]],
    [
      'beyond the end',
      { committed: committedAt(1, 91n) },
      expect.stringMatching(/^t partition 1: .* 91 .* ends at 90.*npm run admin -- reset/),
    ],
    [
      'before the start',
      { committed: committedAt(1, 5n) },
      expect.stringMatching(/^t partition 1: .*deleted the 2 offsets from 5 to 6 .*npm run admin -- reset/),
    ],
  ])('an offset %s', (_, changes, expected) => expect(judge(changes)).toEqual(expected))

  it('keeps what others have put into the metadata', () => {
    const judged = judgePosition(facts({ committed: committedAt(1, 42n, '{"v":1,"topicId":"A","later":[1]}') }))
    expect(judged).toMatchObject({ metadata: { others: { later: [1] } } })
  })
})
