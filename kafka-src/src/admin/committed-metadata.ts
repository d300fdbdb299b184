/** What is kept beside a committed offset. */
export type CommittedMetadata = {
  /** Of the topic that the offset belongs to (KIP-516), as kafka-topics prints it; undefined: it was not known. */
  readonly topicId: string | undefined
  /** The outputs of the topic bear its id, since the output partition may hold those of an earlier topic. */
  readonly isMarked: boolean
  /** The pipeline whose ETL committed it; undefined: an earlier release did, and it counts for any. */
  readonly pipeline?: string | undefined
  /** Keys of other releases, kept as they are. */
  readonly others: Readonly<Record<string, unknown>>
}

/** A broker takes no more (offset.metadata.max.bytes). */
const maxMetadataBytes = 4_096

const version = 1

export const noMetadata: CommittedMetadata = { topicId: undefined, isMarked: false, others: {} }

/** `{"v":1,"topicId":"…","marked":true,"pipeline":"…"}` and what else there is; whatever is no JSON object, such as nothing, says nothing. */
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

/** Whether a broker takes it. */
export const fitsCommittedMetadata = (metadata: CommittedMetadata): boolean =>
  Buffer.byteLength(toText(metadata)) <= maxMetadataBytes

/** The text to commit. Throws if it is larger than a broker takes. */
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
