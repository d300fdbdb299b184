import { expect } from '@jest/globals'
import type { Oracle } from './oracle.js'
import type { TopicRecord } from './oracle-records.js'

export const readStream = async (oracle: Oracle, topics: readonly string[]): Promise<TopicRecord[]> =>
  (await Promise.all(topics.map((topic) => oracle.readTopic(topic, 'read_committed')))).flat()

/** The number of a log, which is its `message`. */
export const logNumberOf = ({ value }: TopicRecord): number =>
  Number((JSON.parse(value?.toString() ?? '') as { readonly message: string }).message)

/** Checks that these topics contain the producer's logs 0 to `count` - 1 once each, in order within each partition. */
export const expectLogsOnce = async (oracle: Oracle, topics: readonly string[], count: number): Promise<void> => {
  const records = await readStream(oracle, topics)
  const sorted = records.map(logNumberOf).sort((one, other) => one - other)
  expect(sorted).toEqual(Array.from({ length: count }, (_, index) => index))
  const partitions = Map.groupBy(records, ({ topic, partition }) => `${topic}/${partition}`)
  for (const [, ofPartition] of partitions) {
    const messages = ofPartition.map(logNumberOf)
    expect(messages).toEqual(messages.toSorted((one, other) => one - other))
  }
}
