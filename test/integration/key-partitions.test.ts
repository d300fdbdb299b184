import { murmur2, partitionOfKey } from '@kafka-etl/pipeline'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { startOracleProcess, type OracleProcess } from '../support/oracle-process.js'
import { createRandom } from '../support/random.js'

const keyCount = 10_000
/** Keys of 0 to 255 bytes. */
const lengths = 256
const partitions = 7

let java: OracleProcess
beforeAll(async () => {
  java = await startOracleProcess()
}, 60_000)
afterAll(() => java.stop())

it('hashes keys of every length, and chooses their partitions, as the Java client does', async () => {
  const random = createRandom(20_160_423)
  const keys = Array.from({ length: keyCount }, (_, index) =>
    Buffer.from(Array.from({ length: index % lengths }, () => Math.floor(random() * 256))),
  )
  const request = { partitions, keys: keys.map((key) => key.toString('base64')) }
  const expected = (await java.call('keyPartitions', request).result) as readonly (readonly [number, number])[]
  const differing = keys.filter((key, index) => {
    const [hash, partition] = expected[index] ?? []
    return murmur2(key) !== hash || partitionOfKey(key, partitions) !== partition
  })
  expect([expected.length, differing.map((key) => key.toString('hex'))]).toEqual([keyCount, []])
  const negative = expected.filter(([hash]) => hash < 0).length
  expect(negative).toBeGreaterThan(keyCount / 3)
  expect(new Set(expected.map(([, partition]) => partition)).size).toBe(partitions)
}, 30_000)
