import type { AbortedTransaction } from '../records/aborted-transactions.js'
import { array, int32, int64, int8, string } from './bytes.js'
import { sendOwnRequest, type RequestAdmin } from './own-request.js'

/** Version 4 supports transactions (KIP-98), and is the oldest version that Kafka 4 accepts. */
const fetch = { apiKey: 1, apiVersion: 4, apiName: 'Fetch' } as const

export type FetchQuery = {
  readonly nodeId: number
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  /** The broker returns the first record batch whole even if it is larger (KIP-74). */
  readonly maxBytes: number
  readonly isolation: 'read_committed' | 'read_uncommitted'
}

export type FetchAnswer = {
  readonly errorCode: number
  readonly end: bigint
  readonly stableEnd: bigint
  readonly abortedTransactions: readonly AbortedTransaction[]
  readonly bytes: Buffer
}

/** Fetches from the leader of a partition what is there now, without waiting and without a group. */
export const fetchBytes = async (admin: RequestAdmin, query: FetchQuery): Promise<FetchAnswer> => {
  const { nodeId, topic, partition, offset, maxBytes, isolation } = query
  const [answer] = await sendOwnRequest(admin, {
    kind: fetch,
    nodeId,
    body: Buffer.concat([
      int32(-1), // replica_id: a consumer
      int32(0), // max_wait_ms
      int32(0), // min_bytes
      int32(maxBytes),
      int8(isolation === 'read_committed' ? 1 : 0),
      array([topic], (name) =>
        Buffer.concat([
          string(name),
          array([partition], (index) => Buffer.concat([int32(index), int64(offset), int32(maxBytes)])),
        ]),
      ),
    ]),
    read: (reader) => {
      reader.int32() // throttle_time_ms
      return reader
        .array(() => {
          reader.string() // topic
          return reader.array(() => {
            reader.int32() // partition
            const errorCode = reader.int16()
            const end = reader.int64()
            const stableEnd = reader.int64()
            const abortedTransactions = reader.array(() => ({
              producerId: String(reader.int64()),
              firstOffset: String(reader.int64()),
            }))
            const bytes = reader.bytes(Math.max(0, reader.int32()))
            return { errorCode, end, stableEnd, abortedTransactions, bytes }
          })
        })
        .flat()
    },
    errorCodesOf: (answers) => answers.map(({ errorCode }) => errorCode),
  })
  if (!answer) throw new Error(`expected an answer for ${topic}/${partition}, got one without it`)
  return answer
}
