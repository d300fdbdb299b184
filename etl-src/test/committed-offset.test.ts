import { createSystemClock } from '@kafka-etl/common'
import type { CommittedOffset } from '@kafka-etl/kafka'
import { describe, expect, it } from '@jest/globals'
import { readPosition, type PositionQuery } from '../src/committed-offset.js'

const query = (readCommittedOffsets: PositionQuery['admin']['readCommittedOffsets']): PositionQuery => ({
  admin: {
    readCommittedOffsets,
    readLogRanges: () => Promise.resolve([{ topic: 't', partition: 1, start: 7n, end: 90n, stableEnd: 90n }]),
  },
  clock: createSystemClock(),
  groupId: 'etl',
  topic: 't',
  partition: 1,
})

const committedAt = (partition: number, offset: bigint | undefined): CommittedOffset => ({
  topic: 't',
  partition,
  offset,
  metadata: '',
})

describe('readPosition', () => {
  const read = (...offsets: readonly CommittedOffset[]): Promise<bigint> =>
    readPosition(query(() => Promise.resolve(offsets)))

  it('is the offset that the group has committed', async () => {
    expect(await read(committedAt(1, 42n))).toBe(42n)
  })

  it('is where the log starts when Kafka says that the group has none', async () => {
    expect(await read(committedAt(1, undefined))).toBe(7n)
  })

  it('is awaited while an offset is pending, and not taken before', async () => {
    let refusals = 2
    const pending = query(({ requireStable }) => {
      expect(requireStable).toBe(true)
      if (refusals-- > 0) return Promise.reject(Object.assign(new Error('x'), { type: 'UNSTABLE_OFFSET_COMMIT' }))
      return Promise.resolve([committedAt(1, 42n)])
    })
    expect(await readPosition(pending)).toBe(42n)
    expect(refusals).toBe(-1)
  })

  it('is not guessed when the answer leaves the partition out', async () => {
    await expect(read(committedAt(0, 42n))).rejects.toThrow(/group etl in t partition 1/)
  })
})
