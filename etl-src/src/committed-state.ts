import { fitsCommittedMetadata, type CommittedMetadata } from '@kafka-etl/kafka'
import type { PartitionState } from '@kafka-etl/pipeline'

/** What the committed metadata says about a partition's earlier records. */
export type CommittedState = {
  /**
   * How many updates had ended at the ETL's last commit. If somebody has moved the position, this is not the count
   * there.
   */
  readonly commits: { readonly count: number; readonly offset: bigint } | undefined
  /** Whether no record so far was a header. */
  readonly hasNoHeader: boolean
  /** Where the header is. `columns` is undefined if they did not fit; they must be read from there. */
  readonly header: CommittedHeader | undefined
}

export type CommittedHeader = {
  readonly columns: readonly string[] | undefined
  readonly offset: bigint
  readonly sha256: string
}

/**
 * The state's keys in the metadata. The count belongs to one offset only:
 * `"commits":4,"commitsAt":"9","header":{"offset":"0","sha256":"…","columns":["value"]}`; a null header means that
 * there was none so far.
 */
export const readCommittedState = ({ others }: CommittedMetadata, offset: bigint): CommittedState => {
  const { commits, commitsAt, header, headerAt } = others
  const known = readHeader(header)
  return {
    commits: readCommits(commits, commitsAt),
    hasNoHeader: header === null && headerAt === String(offset),
    // Somebody may have moved the position back before the header.
    header: known && known.offset < offset ? known : undefined,
  }
}

const offsetText = /^\d{1,19}$/

const readCommits = (count: unknown, at: unknown): CommittedState['commits'] => {
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) return undefined
  return typeof at === 'string' && offsetText.test(at) ? { count, offset: BigInt(at) } : undefined
}

const readHeader = (header: unknown): CommittedHeader | undefined => {
  if (typeof header !== 'object' || header === null) return undefined
  const { offset, sha256, columns } = header as Readonly<Record<string, unknown>>
  if (typeof offset !== 'string' || !offsetText.test(offset) || typeof sha256 !== 'string') return undefined
  const isList = Array.isArray(columns) && columns.every((column) => typeof column === 'string')
  return { columns: isList ? columns : undefined, offset: BigInt(offset), sha256 }
}

/** Larger headers are read again: a broker accepts 4,096 bytes of metadata, and other keys need some of them. */
const mostHeaderBytes = 3_000

/** The metadata with the state of all records before an offset. */
export const withCommittedState = (
  metadata: CommittedMetadata,
  state: PartitionState,
  offset: bigint,
): CommittedMetadata => {
  const { commits, format } = state
  const needsHeader = 'format' in state
  if (commits === undefined && !needsHeader) return metadata
  const others = {
    ...metadata.others,
    ...(commits === undefined ? {} : { commits, commitsAt: String(offset) }),
    ...(needsHeader && !format ? { header: null, headerAt: String(offset) } : {}),
  }
  if (!format) return { ...metadata, others }
  const { columns, sha256 } = format
  const place = { offset: String(format.offset), sha256 }
  const whole = { ...metadata, others: { ...others, header: { ...place, columns }, headerAt: undefined } }
  const isSmall = Buffer.byteLength(JSON.stringify(columns)) <= mostHeaderBytes && fitsCommittedMetadata(whole)
  return isSmall ? whole : { ...metadata, others: { ...whole.others, header: place } }
}
