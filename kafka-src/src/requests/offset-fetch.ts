import { compactArray, compactString, int32, int8, noArray, noTags } from './bytes.js'
import { sendOwnRequest, type RequestAdmin } from './own-request.js'

/** Version 7 can reject offsets of pending transactions (KIP-447). It exists since Kafka 2.5. */
const offsetFetch = { apiKey: 9, apiVersion: 7, apiName: 'OffsetFetch' } as const

export type FetchedOffset = {
  readonly topic: string
  readonly partition: number
  /** -1 if the group has committed none. */
  readonly offset: bigint
  readonly metadata: string
}

export type OffsetFetchQuery = {
  readonly groupId: string
  /** Partitions by topic; `all` means all topics in which the group has committed offsets. */
  readonly topics: ReadonlyMap<string, readonly number[]> | 'all'
  readonly requireStable: boolean
}

export const fetchOffsets = async (
  admin: RequestAdmin,
  { groupId, topics, requireStable }: OffsetFetchQuery,
): Promise<readonly FetchedOffset[]> => {
  const { fetched } = await sendOwnRequest(admin, {
    kind: offsetFetch,
    groupId,
    body: Buffer.concat([
      noTags,
      compactString(groupId),
      topics === 'all'
        ? noArray
        : compactArray([...topics], ([topic, partitions]) =>
            Buffer.concat([compactString(topic), compactArray(partitions, int32), noTags]),
          ),
      int8(requireStable ? 1 : 0),
      noTags,
    ]),
    read: (reader) => {
      reader.skipTags()
      reader.int32() // throttle_time_ms
      const answers = reader.compactArray(() => {
        const topic = reader.compactString()
        const partitions = reader.compactArray(() => {
          const partition = reader.int32()
          const offset = reader.int64()
          reader.int32() // committed_leader_epoch
          const metadata = reader.compactString()
          const errorCode = reader.int16()
          reader.skipTags()
          return { topic, partition, offset, metadata, errorCode }
        })
        reader.skipTags()
        return partitions
      })
      return { fetched: answers.flat(), errorCode: reader.int16() }
    },
    errorCodesOf: (answer) => [answer.errorCode, ...answer.fetched.map(({ errorCode }) => errorCode)],
  })
  return fetched
}
