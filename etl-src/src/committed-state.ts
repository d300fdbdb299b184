import type { CommittedMetadata } from '@kafka-etl/kafka'
import type { PartitionState } from '@kafka-etl/pipeline'

/** What the committed metadata says of a partition's earlier records. */
export type CommittedState = {
  readonly commits: number | undefined
  /** Where the header is; `columns` undefined: they did not fit, and have to be read from there. */
  readonly header: CommittedHeader | undefined
}

export type CommittedHeader = {
  readonly columns: readonly string[] | undefined
  readonly offset: bigint
  readonly sha256: string
}

/** The state's keys in the metadata: `"commits":4,"header":{"offset":"0","sha256":"…","columns":["value"]}`. */
export const readCommittedState = ({ others }: CommittedMetadata): CommittedState => {
  const { commits, header } = others
  return {
    commits: typeof commits === 'number' && Number.isSafeInteger(commits) ? commits : undefined,
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

/** The metadata with the state behind a record. */
export const withCommittedState = (metadata: CommittedMetadata, state: PartitionState): CommittedMetadata => {
  const { commits, format } = state
  if (commits === undefined && format === undefined) return metadata
  return {
    ...metadata,
    others: {
      ...metadata.others,
      ...(commits === undefined ? {} : { commits }),
      ...(format === undefined ? {} : { header: formatHeader(format) }),
    },
  }
}

const formatHeader = ({ columns, offset, sha256 }: NonNullable<PartitionState['format']>): object => {
  const place = { offset: String(offset), sha256 }
  const whole = { ...place, columns }
  return Buffer.byteLength(JSON.stringify(whole)) <= mostHeaderBytes ? whole : place
}
