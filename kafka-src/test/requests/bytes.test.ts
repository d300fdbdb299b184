import { describe, expect, it } from '@jest/globals'
import {
  array,
  compactArray,
  compactString,
  createResponseReader,
  int32,
  noTags,
  string,
} from '../../src/requests/bytes.js'
import { readTopics } from '../../src/requests/metadata.js'

describe('the parts of a request', () => {
  it('are as Kafka has them', () => {
    expect(string('é').toString('hex')).toBe('0002c3a9')
    expect(array([1, 2], int32).toString('hex')).toBe('000000020000000100000002')
    expect(compactString('ab').toString('hex')).toBe('036162')
    expect(compactArray([7], int32).toString('hex')).toBe('0200000007')
  })

  it('are read back, however long they are', () => {
    const long = 'x'.repeat(20_000)
    const reader = createResponseReader(Buffer.concat([compactString(long), compactArray([1, 2], int32), noTags]))
    expect(reader.compactString()).toBe(long)
    expect(reader.compactArray(() => reader.int32())).toEqual([1, 2])
    reader.skipTags()
    expect(() => reader.int8()).toThrow(/out of range/)
  })
})

describe('readTopics', () => {
  it('reads the answer of a broker of Kafka 3.9', () => {
    // Metadata, version 12: one broker, one topic with one partition, one topic that does not exist.
    const answer =
      '00 00000000 02 00000000 0a 3132372e302e302e31 00007530 00 00 05 61626364 00000000' +
      '03 0000 03 696e 0123456789abcdeffedcba9876543210 00 02 0000 00000000 00000000 00000004 02 00000000 02 00000000 01 00 80000000 00' +
      '0003 05 6e6f6e65 00000000000000000000000000000000 00 01 80000000 00 00'
    expect(readTopics(createResponseReader(Buffer.from(answer.replaceAll(' ', ''), 'hex')))).toEqual([
      {
        errorCode: 0,
        topic: 'in',
        id: 'ASNFZ4mrze_-3LqYdlQyEA',
        partitions: [{ partition: 0, leaderId: 0, replicaIds: [0], inSyncIds: [0] }],
      },
      { errorCode: 3, topic: 'none', id: undefined, partitions: [] },
    ])
  })
})
