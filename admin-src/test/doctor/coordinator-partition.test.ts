import { describe, expect, it } from '@jest/globals'
import { coordinatorPartition } from '../../src/doctor/coordinator-partition.js'

// Java: Math.abs("…".hashCode()) % 50
describe('coordinatorPartition', () => {
  it.each([
    ['etl', 15],
    ['console-consumer-12345', 6],
    ['polygenelubricants!', 15],
    ['', 0],
    // Its hash is -2^31, which has no positive counterpart: Kafka's Utils.abs makes it 0.
    ['polygenelubricants', 0],
  ])('%s', (groupId, partition) => {
    expect(coordinatorPartition(groupId, 50)).toBe(partition)
  })
})
