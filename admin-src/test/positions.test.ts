import { describe, expect, it } from '@jest/globals'
import { noMetadata } from '@kafka-etl/kafka'
import { findPositionFault, toPosition } from '../src/positions.js'

const log = { topic: 'timezone1', partition: 2, start: 10n, stableEnd: 15n, end: 20n }
const ofTopic = (topicId: string | undefined) => ({ ...noMetadata, topicId })

describe('toPosition', () => {
  it.each([
    ['of the present topic', 'id', 'id', 12n],
    ['of an earlier topic', 'old', 'id', undefined],
    ['of an earlier release', undefined, 'id', 12n],
    ['on a broker without ids', 'old', undefined, 12n],
  ])('%s', (_name, committedId, topicId, offset) => {
    expect(toPosition(12n, ofTopic(committedId), topicId)).toMatchObject({ offset, committed: 12n })
  })
})

describe('findPositionFault', () => {
  it.each([10n, 15n, 18n, 20n, undefined])('finds none at %s', (offset) => {
    expect(findPositionFault(log, toPosition(offset, noMetadata, 'id'))).toBeUndefined()
  })

  it('says what retention has deleted, and what to type', () => {
    expect(findPositionFault(log, toPosition(7n, noMetadata, 'id'))).toEqual({
      sentence: 'retention deleted 3 offsets before they were read (7 to 9)',
      command: 'npm run admin -- reset --to-earliest --topic timezone1 --partition 2 --execute',
    })
  })

  it('says that a position is past the end, and what to type', () => {
    expect(findPositionFault(log, toPosition(21n, ofTopic('id'), 'id'))).toEqual({
      sentence: expect.stringMatching(
        /^the group is beyond the end: it has committed offset 21, but the log ends at 20/,
      ),
      command: 'npm run admin -- reset --to-earliest --topic timezone1 --partition 2 --execute',
    })
  })

  it('says that an offset of an earlier topic does not count', () => {
    const fault = findPositionFault(log, toPosition(12n, ofTopic('old'), 'id'))
    expect(fault).toMatchObject({ sentence: expect.stringMatching(/committed offset 12 belongs to the old topic/) })
    expect(fault?.command).toBeUndefined()
  })
})
