import { causesOf, typeOf } from './kafka-errors.js'

/**
 * What the failure of a transactional sink means for what it was to write. `fenced`: another writer with the same
 * transactional id has taken its place. `refused`: Kafka will never take it. `unsettled`: the next writer's init
 * settles whether it was written.
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

/** Whether a group's offset is still part of a transaction that is ending; a moment later it is not. */
export const isOffsetPending = (error: unknown): boolean =>
  causesOf(error).some((cause) => typeOf(cause) === 'UNSTABLE_OFFSET_COMMIT')
