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

/** The headers of the outputs of one input partition, their number first. Those of a step come before `source`. */
export type OutputHeaders = {
  /**
   * Of an output without headers of its own: written into `bytes`; returns where they end. `index` counts the outputs of
   * its input in one topic, and is 0 unless told otherwise.
   */
  readonly write: (offset: number, index?: number) => number
  /** What was written last; each writing replaces it. */
  readonly bytes: Buffer
  /** Of any output: `index` counts those of its input in one topic. */
  readonly encode: (offset: number, index: number, own: readonly Header[]) => Buffer
}

/** `topicId`: outputs are marked with it; undefined: they are not. */
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
