import { causesOf, typeOf } from './kafka-errors.js'

/**
 * What a failed transaction means for its records. `fenced`: another writer with the same transactional id has taken
 * over. `refused`: Kafka will never accept them. `unsettled`: the next writer's init settles whether they were written.
 */
export type SinkFailure = 'fenced' | 'refused' | 'unsettled'

const fencedTypes = ['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED', 'INVALID_PRODUCER_ID_MAPPING']
const refusedTypes = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'OFFSET_METADATA_TOO_LARGE']

export const describeSinkFailure = (error: unknown): SinkFailure => {
  const types = causesOf(error).map(typeOf)
  if (types.some((type) => fencedTypes.includes(type))) return 'fenced'
  const isRefused = types.some((type) => refusedTypes.includes(type) || type.endsWith('_AUTHORIZATION_FAILED'))
  return isRefused ? 'refused' : 'unsettled'
}

/** Whether a group's offset still belongs to a transaction that is ending. A moment later it does not. */
export const isOffsetPending = (error: unknown): boolean =>
  causesOf(error).some((cause) => typeOf(cause) === 'UNSTABLE_OFFSET_COMMIT')
