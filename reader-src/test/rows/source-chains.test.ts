import { describe, expect, it } from '@jest/globals'
import { createSourceChains } from '../../src/rows/source-chains.js'

const origin = (offset: number, inputPartition = 'timezone1/0', index = 0) => ({
  inputPartition,
  offset,
  index,
  topicId: undefined,
})
const writer = (producerId: bigint, producerEpoch = 0) => ({ producerId, producerEpoch })

describe('source chains', () => {
  it('know a repeat once its producer has begun a new epoch', () => {
    const chains = createSourceChains([])
    const seen = [
      chains.isRepeat(origin(5), writer(1n, 0)),
      chains.isRepeat(origin(5), writer(1n, 1)),
      chains.isRepeat(origin(6), writer(1n, 1)),
    ]
    expect(seen).toEqual([false, true, false])
  })

  it('take nothing for a repeat within an epoch, where the ETL has none', () => {
    const chains = createSourceChains([])
    expect([5, 7, 6].map((offset) => chains.isRepeat(origin(offset), writer(1n)))).toEqual([false, false, false])
  })

  it('do not let one producer speak for another, whatever it claims', () => {
    const chains = createSourceChains([])
    chains.isRepeat(origin(1), writer(1n))
    chains.isRepeat(origin(99_999_999), writer(2n))
    expect(chains.isRepeat(origin(2), writer(1n, 1))).toBe(false)
    expect(chains.isRepeat(origin(1), writer(3n))).toBe(false)
  })

  it('go on from what positions of the first version knew', () => {
    const chains = createSourceChains([{ inputPartition: 'timezone1/0', producerEpoch: -1, offset: 9, repeatsUpTo: 9 }])
    expect(chains.isRepeat(origin(9), writer(4n))).toBe(true)
    expect(chains.isRepeat(origin(10), writer(4n))).toBe(false)
    expect(chains.list()).toEqual([
      { inputPartition: 'timezone1/0', producerId: '4', producerEpoch: 0, offset: 10, repeatsUpTo: 9 },
    ])
  })

  it('come back from the positions as they were', () => {
    const before = createSourceChains([])
    before.isRepeat(origin(5), writer(1n))
    expect(createSourceChains(before.list()).isRepeat(origin(5), writer(1n, 1))).toBe(true)
  })

  it('know which outputs of an input record have come, also after a restart', () => {
    const before = createSourceChains([])
    before.isRepeat(origin(5, 'orders/0', 0), writer(1n))
    before.isRepeat(origin(5, 'orders/0', 1), writer(1n))
    const after = createSourceChains(before.list())
    const seen = [0, 1, 2].map((index) => after.isRepeat(origin(5, 'orders/0', index), writer(1n, 1)))
    expect(seen).toEqual([true, true, false])
    expect(after.list()).toMatchObject([{ offset: 5, index: 2, repeatsUpTo: 5, repeatsUpToIndex: 1 }])
  })

  it('stay few, however many sources are claimed', () => {
    const chains = createSourceChains([])
    for (let claim = 0; claim < 10_000; claim++) chains.isRepeat(origin(0, `t${claim}/0`), writer(1n))
    expect(chains.list().length).toBe(256)
  })
})
