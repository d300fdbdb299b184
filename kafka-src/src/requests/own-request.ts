import type { Admin } from 'kafkajs'
import { createResponseReader, type ResponseReader } from './bytes.js'

/** A request that KafkaJS lacks, or lacks in this version. */
export type RequestKind = { readonly apiKey: number; readonly apiVersion: number; readonly apiName: string }

export type OwnRequest<Answer> = {
  readonly kind: RequestKind
  readonly body: Buffer
  readonly read: (reader: ResponseReader) => Answer
  /**
   * The error codes that make the whole answer useless. The first code other than 0 is thrown as KafkaJS's error for
   * it.
   */
  readonly errorCodesOf?: (answer: Answer) => readonly number[]
  /** Sends to the coordinator of this group, or to this broker; by default to any connected broker. */
  readonly groupId?: string
  readonly nodeId?: number
}

export type RequestAdmin = Pick<Admin, 'sendRequest'>

/** Sends the request over KafkaJS's authenticated connection. */
export const sendOwnRequest = async <Answer>(admin: RequestAdmin, request: OwnRequest<Answer>): Promise<Answer> => {
  const { kind, body, read, errorCodesOf, groupId, nodeId } = request
  const { answer } = await admin.sendRequest({
    ...(groupId === undefined ? {} : { groupId }),
    ...(nodeId === undefined ? {} : { nodeId }),
    // The interface that KafkaJS expects of an encoder.
    request: { ...kind, encode: () => Promise.resolve({ buf: body, buffers: [body] }) },
    response: {
      decode: (bytes) => {
        const answer = read(createResponseReader(bytes))
        return Promise.resolve({ answer, errorCodes: [...(errorCodesOf?.(answer) ?? [])] })
      },
    },
  })
  return answer
}
