/** The metadata stored with a committed offset. */
export type CommittedMetadata = {
  /** The id of the offset's topic (KIP-516), as kafka-topics prints it; undefined: unknown. */
  readonly topicId: string | undefined
  /** Whether the outputs of the topic carry its id, since the output partition may hold records of an earlier topic. */
  readonly isMarked: boolean
  /** The pipeline whose ETL committed the offset; undefined: an earlier release did, and it counts for any pipeline. */
  readonly pipeline?: string | undefined
  /** Keys of other releases, kept unchanged. */
  readonly others: Readonly<Record<string, unknown>>
}

/** The default limit of a broker (offset.metadata.max.bytes). */
const maxMetadataBytes = 4_096

const version = 1

export const noMetadata: CommittedMetadata = { topicId: undefined, isMarked: false, others: {} }

/**
 * Parses `{"v":1,"topicId":"…","marked":true,"pipeline":"…"}`, possibly with other keys. Any text that is not a JSON
 * object, such as an empty one, gives `noMetadata`.
 */
export const parseCommittedMetadata = (text: string): CommittedMetadata => {
  const parsed = parseObject(text)
  if (parsed === undefined) return noMetadata
  const { topicId, marked, pipeline, ...others } = parsed
  delete others.v
  return {
    topicId: typeof topicId === 'string' ? topicId : undefined,
    isMarked: marked === true,
    pipeline: typeof pipeline === 'string' ? pipeline : undefined,
    others,
  }
}

/** Whether the metadata is small enough for a broker. */
export const fitsCommittedMetadata = (metadata: CommittedMetadata): boolean =>
  Buffer.byteLength(toText(metadata)) <= maxMetadataBytes

/** The text to commit. Throws if it is too large for a broker. */
export const formatCommittedMetadata = (metadata: CommittedMetadata): string => {
  const text = toText(metadata)
  const bytes = Buffer.byteLength(text)
  if (bytes <= maxMetadataBytes) return text
  throw new Error(`expected metadata of at most ${maxMetadataBytes} bytes for a committed offset, got ${bytes}`)
}

const toText = ({ topicId, isMarked, pipeline, others }: CommittedMetadata): string =>
  JSON.stringify({
    v: version,
    ...(topicId === undefined ? {} : { topicId }),
    ...(isMarked ? { marked: true } : {}),
    ...(pipeline === undefined ? {} : { pipeline }),
    ...others,
  })

const parseObject = (text: string): Record<string, unknown> | undefined => {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : undefined
  } catch {
    return undefined
  }
}
