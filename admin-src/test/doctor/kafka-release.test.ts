import { describe, expect, it } from '@jest/globals'
import { findKafkaRelease } from '../../src/doctor/kafka-release.js'

const fetchVersions = (minVersion: number, maxVersion: number) => [
  { apiKey: 0, minVersion: 0, maxVersion: 99 },
  { apiKey: 1, minVersion, maxVersion },
]

describe('findKafkaRelease', () => {
  it.each([
    [4, 20, '4.1 or later'],
    [4, 18, '4.1 or later'],
    [4, 17, '4.0'],
    [0, 17, '3.9'],
    [0, 16, '3.7 or 3.8'],
    [0, 11, '2.3 to 2.6'],
    [0, 10, undefined],
  ])('Fetch from %d to %d: %s', (minVersion, maxVersion, release) => {
    expect(findKafkaRelease(fetchVersions(minVersion, maxVersion))).toBe(release)
  })

  it('knows nothing of a broker that has not answered', () => {
    expect(findKafkaRelease([])).toBeUndefined()
  })
})
