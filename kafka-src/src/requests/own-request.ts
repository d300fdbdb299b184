import type { Admin } from 'kafkajs'
import { createResponseReader, type ResponseReader } from './bytes.js'

/** A request that KafkaJS does not have, or not in this version. */
export type RequestKind = { readonly apiKey: number; readonly apiVersion: number; readonly apiName: string }

export type OwnRequest<Answer> = {
  readonly kind: RequestKind
  readonly body: Buffer
  readonly read: (reader: ResponseReader) => Answer
  /** Those that make the answer as a whole useless: the first that is none of 0 is thrown as KafkaJS's error for it. */
  readonly errorCodesOf?: (answer: Answer) => readonly number[]
  /** To the coordinator of this group, or to this broker; to any broker that is connected unless told otherwise. */
  readonly groupId?: string
  readonly nodeId?: number
}

export type RequestAdmin = Pick<Admin, 'sendRequest'>

/** Sends it over KafkaJS's own connection, which has logged in already. */
export const sendOwnRequest = async <Answer>(admin: RequestAdmin, request: OwnRequest<Answer>): Promise<Answer> => {
  const { kind, body, read, errorCodesOf, groupId, nodeId } = request
  const { answer } = await admin.sendRequest({
    ...(groupId === undefined ? {} : { groupId }),
    ...(nodeId === undefined ? {} : { nodeId }),
    // What KafkaJS asks of an encoder.
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
