import { compactArray, compactString, int64, noTags } from './bytes.js'
import { sendOwnRequest, type RequestAdmin } from './own-request.js'

const listTransactions = { apiKey: 66, apiVersion: 0, apiName: 'ListTransactions' } as const

/** A transactional id and its producer (KIP-664). */
export type ListedTransaction = {
  readonly transactionalId: string
  readonly producerId: bigint
  /** Kafka's name of the state: `Ongoing`, `PrepareCommit`, `CompleteAbort`, …. */
  readonly state: string
}

/** Asks a broker for the transactions of these producers that it coordinates and that this user may see. */
export const readTransactions = async (
  admin: RequestAdmin,
  nodeId: number,
  producerIds: readonly bigint[],
): Promise<readonly ListedTransaction[]> => {
  const { transactions } = await sendOwnRequest(admin, {
    kind: listTransactions,
    nodeId,
    body: Buffer.concat([noTags, compactArray([], compactString), compactArray(producerIds, int64), noTags]),
    read: (reader) => {
      reader.skipTags()
      reader.int32() // throttle_time_ms
      const errorCode = reader.int16()
      reader.compactArray(() => reader.compactString()) // unknown_state_filters
      const listed = reader.compactArray(() => {
        const transactionalId = reader.compactString()
        const producerId = reader.int64()
        const state = reader.compactString()
        reader.skipTags()
        return { transactionalId, producerId, state }
      })
      return { errorCode, transactions: listed }
    },
    errorCodesOf: ({ errorCode }) => [errorCode],
  })
  return transactions
}
