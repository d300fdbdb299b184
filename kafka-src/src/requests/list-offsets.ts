import { array, int32, int64, int8, string } from './bytes.js'
import { sendOwnRequest, type RequestAdmin } from './own-request.js'

const listOffsets = { apiKey: 2, apiVersion: 2, apiName: 'ListOffsets' } as const

/**
 * `start`: the first offset that retention has kept; `end`: the high watermark; `stableEnd`: the last stable offset.
 */
export type LogPlace = 'start' | 'end' | 'stableEnd'

export type ListedOffset = { readonly topic: string; readonly partition: number; readonly offset: bigint }

const earliest = -2n
const latest = -1n
const readUncommitted = 0
const readCommitted = 1

/** Asks the leader of these partitions for one of these offsets of their logs. */
export const readListedOffsets = async (
  admin: RequestAdmin,
  place: LogPlace,
  { nodeId, topics }: { readonly nodeId: number; readonly topics: ReadonlyMap<string, readonly number[]> },
): Promise<readonly ListedOffset[]> => {
  const timestamp = place === 'start' ? earliest : latest
  const answers = await sendOwnRequest(admin, {
    kind: listOffsets,
    nodeId,
    body: Buffer.concat([
      int32(-1), // replica_id: a consumer
      int8(place === 'stableEnd' ? readCommitted : readUncommitted),
      array([...topics], ([topic, partitions]) =>
        Buffer.concat([
          string(topic),
          array(partitions, (partition) => Buffer.concat([int32(partition), int64(timestamp)])),
        ]),
      ),
    ]),
    read: (reader) => {
      reader.int32() // throttle_time_ms
      return reader.array(() => {
        const topic = reader.string()
        return reader.array(() => {
          const partition = reader.int32()
          const errorCode = reader.int16()
          reader.int64() // timestamp
          return { topic, partition, errorCode, offset: reader.int64() }
        })
      })
    },
    errorCodesOf: (listed) => listed.flat().map(({ errorCode }) => errorCode),
  })
  return answers.flat()
}
