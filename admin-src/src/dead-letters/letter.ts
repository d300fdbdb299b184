import { headerNames, parseSource, type RecordHeader, type SourceCoordinates } from '@kafka-etl/kafka'
import { lastHeaderText, splitHeaders, type StoredRecord } from '../stored-record.js'

/** A record of the dead letter topic with its parsed headers. */
export type DeadLetter = {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  readonly key: Buffer | null
  readonly value: Buffer | null
  /** All headers in order: those of the rejected record, then the ETL's. */
  readonly headers: readonly RecordHeader[]
  /** Undefined if the record has no such header: the ETL did not write it. */
  readonly source: SourceCoordinates | undefined
  readonly reason: string | undefined
  readonly message: string
  readonly rejectedAtMs: number | undefined
  /** The size of the value before it was cut to fit into the topic, or to be read. */
  readonly originalSize: number | undefined
  /** The dead letter of which the rejected record says it is a replay (`dead_letters/0/17`). */
  readonly replayOf: string | undefined
}

export const parseLetter = (topic: string, partition: number, record: StoredRecord): DeadLetter => {
  const { offset, key, value, headers, missingValueBytes = 0 } = record
  const wholeSize = missingValueBytes === 0 ? undefined : (value?.length ?? 0) + missingValueBytes
  const { original, added } = splitHeaders(headers)
  return {
    topic,
    partition,
    offset,
    key,
    value,
    headers,
    source: parseSource(lastHeaderText(added, headerNames.source) ?? ''),
    reason: lastHeaderText(added, headerNames.errorReason),
    message: lastHeaderText(added, headerNames.errorMessage) ?? '',
    rejectedAtMs: parseWhole(lastHeaderText(added, headerNames.errorTimestamp)),
    originalSize: parseWhole(lastHeaderText(added, headerNames.originalSize)) ?? wholeSize,
    replayOf: lastHeaderText(original, headerNames.replayOf),
  }
}

/** The headers that the record had before the ETL added its own, in order. */
export const originalHeaders = ({ headers }: DeadLetter): readonly RecordHeader[] => splitHeaders(headers).original

const parseWhole = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined

/** `dead_letters/0/17` */
export const formatCoordinates = ({ topic, partition, offset }: DeadLetter): string => `${topic}/${partition}/${offset}`
