import {
  createWriteSourceHeader,
  encodeHeaders,
  formatSource,
  headerNames,
  sourceHeaderBytes,
  writeVarint,
  type RecordHeader,
} from '@kafka-etl/kafka'
import type { Header } from '@kafka-etl/pipeline'
import { encodeMark } from './dead-letters.js'

/**
 * The headers of the outputs of one input partition, with their count in front. The step's own headers come before
 * `source`.
 */
export type OutputHeaders = {
  /**
   * Writes the headers of an output without its own headers into `bytes`; returns the end position. `index` counts the
   * outputs of its input in one topic; the default is 0.
   */
  readonly write: (offset: number, index?: number) => number
  /** What was last written; each write replaces it. */
  readonly bytes: Buffer
  /** Encodes the headers of any output. `index` counts the outputs of its input in one topic. */
  readonly encode: (offset: number, index: number, own: readonly Header[]) => Buffer
}

/** `topicId` marks the outputs; undefined: they are not marked. */
export const createOutputHeaders = (topic: string, partition: number, topicId: string | undefined): OutputHeaders => {
  const writeSource = createWriteSourceHeader(topic, partition)
  const mark = topicId === undefined ? undefined : encodeMark(topicId)
  const marks: readonly RecordHeader[] =
    topicId === undefined ? [] : [{ key: headerNames.sourceTopicId, value: Buffer.from(topicId) }]
  const bytes = Buffer.alloc(sourceHeaderBytes + (mark?.length ?? 0))
  const start = writeVarint(bytes, 0, mark ? 2 : 1)
  return {
    bytes,
    write: mark
      ? (offset, index) => {
          const end = writeSource(bytes, start, offset, index)
          return end + mark.copy(bytes, end)
        }
      : (offset, index) => writeSource(bytes, start, offset, index),
    encode: (offset, index, own) => {
      const source = formatSource({ topic, partition, offset: BigInt(offset), index })
      return encodeHeaders([
        ...own.map(([key, value]) => ({ key, value })),
        { key: headerNames.source, value: Buffer.from(source) },
        ...marks,
      ])
    },
  }
}
