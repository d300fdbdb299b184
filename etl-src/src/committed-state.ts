import type { CommittedMetadata } from '@kafka-etl/kafka'
import type { PartitionState } from '@kafka-etl/pipeline'

/** What the committed metadata says of a partition's earlier records. */
export type CommittedState = {
  /** Undefined: none is known, or they are of another offset, since somebody has moved the position. */
  readonly commits: number | undefined
  /** No record so far was a header. */
  readonly hasNoHeader: boolean
  /** Where the header is; `columns` undefined: they did not fit, and have to be read from there. */
  readonly header: CommittedHeader | undefined
}

export type CommittedHeader = {
  readonly columns: readonly string[] | undefined
  readonly offset: bigint
  readonly sha256: string
}

/**
 * The state's keys in the metadata, of which the count belongs to one offset alone:
 * `"commits":4,"commitsAt":"9","header":{"offset":"0","sha256":"…","columns":["value"]}`; a header of null: none so far.
 */
export const readCommittedState = ({ others }: CommittedMetadata, offset: bigint): CommittedState => {
  const { commits, commitsAt, header, headerAt } = others
  const isCount = typeof commits === 'number' && Number.isSafeInteger(commits)
  return {
    commits: isCount && commitsAt === String(offset) ? commits : undefined,
    hasNoHeader: header === null && headerAt === String(offset),
    header: readHeader(header),
  }
}

const readHeader = (header: unknown): CommittedHeader | undefined => {
  if (typeof header !== 'object' || header === null) return undefined
  const { offset, sha256, columns } = header as Readonly<Record<string, unknown>>
  if (typeof offset !== 'string' || !/^\d{1,19}$/.test(offset) || typeof sha256 !== 'string') return undefined
  const isList = Array.isArray(columns) && columns.every((column) => typeof column === 'string')
  return { columns: isList ? columns : undefined, offset: BigInt(offset), sha256 }
}

/** Larger headers are left to be read again: a broker takes 4,096 bytes of metadata, and other keys need some of them. */
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
  return {
    ...metadata,
    others: {
      ...metadata.others,
      ...(commits === undefined ? {} : { commits, commitsAt: String(offset) }),
      ...(format ? { header: formatHeader(format), headerAt: undefined } : {}),
      ...(needsHeader && !format ? { header: null, headerAt: String(offset) } : {}),
    },
  }
}

const formatHeader = ({ columns, offset, sha256 }: NonNullable<PartitionState['format']>): object => {
  const place = { offset: String(offset), sha256 }
  const whole = { ...place, columns }
  return Buffer.byteLength(JSON.stringify(whole)) <= mostHeaderBytes ? whole : place
}
