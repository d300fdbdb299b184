import { describe, expect, it } from '@jest/globals'
import { readPosition } from '../src/positions.js'

describe('readPosition', () => {
  const read = (partitions: readonly { readonly partition: number; readonly offset: string }[]): Promise<bigint> =>
    readPosition(
      {
        fetchOffsets: () =>
          Promise.resolve([{ topic: 't', partitions: partitions.map((entry) => ({ ...entry, metadata: null })) }]),
        fetchTopicOffsets: () => Promise.resolve([{ partition: 1, offset: '90', high: '90', low: '7' }]),
      },
      'etl',
      't',
      1,
    )

  it('is the offset that the group has committed', async () => {
    expect(await read([{ partition: 1, offset: '42' }])).toBe(42n)
  })

  it('is where the log starts when Kafka says that the group has none', async () => {
    expect(await read([{ partition: 1, offset: '-1' }])).toBe(7n)
  })

  it('is awaited while an offset is pending, and not taken before', async () => {
    let refusals = 2
    const admin = {
      fetchOffsets: ({ requireStable }: { readonly requireStable: boolean }) => {
        expect(requireStable).toBe(true)
        if (refusals-- > 0) return Promise.reject(Object.assign(new Error('x'), { type: 'UNSTABLE_OFFSET_COMMIT' }))
        return Promise.resolve([{ topic: 't', partitions: [{ partition: 1, offset: '42', metadata: null }] }])
      },
      fetchTopicOffsets: () => Promise.resolve([]),
    }
    expect(await readPosition(admin, 'etl', 't', 1)).toBe(42n)
    expect(refusals).toBe(-1)
  })

  it('is not guessed when the answer leaves the partition out', async () => {
    await expect(read([{ partition: 0, offset: '42' }])).rejects.toThrow(/group etl in t partition 1/)
  })
})
