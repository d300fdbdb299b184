import { array, int32, string } from './bytes.js'
import { sendOwnRequest, type RequestAdmin } from './own-request.js'

const describeLogDirs = { apiKey: 35, apiVersion: 1, apiName: 'DescribeLogDirs' } as const

export type ReplicaSize = { readonly topic: string; readonly partition: number; readonly bytes: bigint }

/** The size of the partitions' logs on a broker's disks (KIP-113). Needs Describe on the cluster. */
export const readReplicaSizes = async (
  admin: RequestAdmin,
  nodeId: number,
  topics: ReadonlyMap<string, readonly number[]>,
): Promise<readonly ReplicaSize[]> => {
  const folders = await sendOwnRequest(admin, {
    kind: describeLogDirs,
    nodeId,
    body: array([...topics], ([topic, partitions]) => Buffer.concat([string(topic), array(partitions, int32)])),
    read: (reader) => {
      reader.int32() // throttle_time_ms
      return reader.array(() => {
        const errorCode = reader.int16()
        reader.string() // log_dir
        const replicas = reader.array(() => {
          const topic = reader.string()
          return reader.array(() => {
            const partition = reader.int32()
            const bytes = reader.int64()
            reader.int64() // offset_lag
            reader.int8() // is_future_key
            return { topic, partition, bytes }
          })
        })
        return { errorCode, replicas: replicas.flat() }
      })
    },
    errorCodesOf: (answered) => answered.map(({ errorCode }) => errorCode),
  })
  return folders.flatMap(({ replicas }) => replicas)
}
