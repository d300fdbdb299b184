import type { CommittedMetadata } from '@kafka-etl/kafka'

/** A key in the metadata of a committed offset: the offset of a record whose step did not return. */
const key = 'stepTimedOut'

export const timedOutOffsetOf = ({ others }: CommittedMetadata): bigint | undefined => {
  const offset = others[key]
  return typeof offset === 'string' && /^\d{1,19}$/.test(offset) ? BigInt(offset) : undefined
}

/** Whichever instance continues from the committed offset, on any machine, rejects that record. */
export const withTimedOutOffset = (metadata: CommittedMetadata, offset: bigint): CommittedMetadata => ({
  ...metadata,
  others: { ...metadata.others, [key]: String(offset) },
})

/** Forgets the record once it has been handled. */
export const withoutHandled = (metadata: CommittedMetadata, nextOffset: bigint): CommittedMetadata => {
  const offset = timedOutOffsetOf(metadata)
  if (offset === undefined || nextOffset <= offset) return metadata
  const others = Object.entries(metadata.others).filter(([name]) => name !== key)
  return { ...metadata, others: Object.fromEntries(others) }
}
