import { describe, expect, it } from '@jest/globals'
import { murmur2, partitionOfKey, partitionOfSource } from '../src/index.js'

describe('murmur2', () => {
  // Apache Kafka, clients/src/test/java/org/apache/kafka/common/utils/UtilsTest.java
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('hashes %s as the Java client does', (text, hash) => {
    expect(murmur2(Buffer.from(text))).toBe(hash)
  })

  it('chooses a partition for negative hashes, too', () => {
    expect(partitionOfKey(Buffer.from('foobar'), 10)).toBe((-790332482 & 0x7fffffff) % 10)
  })
})

describe('partitionOfSource', () => {
  it('gives each source partition one of its own', () => {
    const partitions = [0, 1, 2].flatMap((partition) =>
      [0, 1].map((index) => partitionOfSource({ index, count: 2, partition }, 6)),
    )
    expect(partitions).toEqual([0, 1, 2, 3, 4, 5])
  })
})
