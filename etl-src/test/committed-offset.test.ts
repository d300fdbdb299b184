import { createSystemClock, SettingsError } from '@kafka-etl/common'
import type { CommittedOffset } from '@kafka-etl/kafka'
import { describe, expect, it } from '@jest/globals'
import { readPosition, type PositionQuery } from '../src/committed-offset.js'

const committedAt = (partition: number, offset: bigint | undefined, metadata = ''): CommittedOffset => ({
  topic: 't',
  partition,
  offset,
  metadata,
})

const query = (readCommittedOffsets: PositionQuery['admin']['readCommittedOffsets'], ids = ['A']): PositionQuery => ({
  admin: {
    readCommittedOffsets,
    readLogRanges: (topics) =>
      Promise.resolve(topics.map((topic) => ({ topic, partition: 1, start: 7n, end: 90n, stableEnd: 90n }))),
    readTopicIds: () => Promise.resolve(new Map([['t', ids.length > 1 ? (ids.shift() ?? '') : (ids[0] ?? '')]])),
  },
  clock: createSystemClock(),
  groupId: 'etl',
  pipeline: 'p',
  route: { topic: 't', partition: 1, outputs: [{ topic: 'o', partition: 1 }] },
})

describe('readPosition', () => {
  const read = async (...offsets: readonly CommittedOffset[]): Promise<bigint> =>
    (await readPosition(query(() => Promise.resolve(offsets)))).offset

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
    expect((await readPosition(pending)).offset).toBe(42n)
    expect(refusals).toBe(-1)
  })

  it('is not guessed when the answer leaves the partition out', async () => {
    await expect(read(committedAt(0, 42n))).rejects.toThrow(/group etl in t partition 1/)
  })

  it('is refused for good if it is outside of the log, but not if the topic was made again meanwhile', async () => {
    const beyond = () => Promise.resolve([committedAt(1, 91n)])
    await expect(readPosition(query(beyond))).rejects.toThrow(SettingsError)
    const refused = expect(readPosition(query(beyond, ['A', 'B']))).rejects
    await refused.not.toThrow(SettingsError)
  })
})
