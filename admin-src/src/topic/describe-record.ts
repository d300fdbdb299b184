import { isUtf8 } from 'node:buffer'
import { printable, printableBytes } from '@kafka-etl/common'
import { namesOfTopic, type AnyDefinition, type Format } from '@kafka-etl/pipeline'
import { formatJson } from '../report.js'
import type { StoredRecord } from '../stored-record.js'

/** A record of a topic, for people and for scripts. */
export type DescribedRecord = StoredRecord & { readonly partition: number; readonly timestampMs: number }

/** Makes the functions that show records of a topic: decoded by the pipeline's format, or as text. */
export const createDescribeRecord = ({ topics }: AnyDefinition, topic: string) => {
  const format = Object.values(topics).find((candidate) => namesOfTopic(candidate).includes(topic))?.value
  const valueOf = createDecode(format)
  return {
    /** `0/17  2024-02-05T15:01:52.884Z  key  value` */
    toLine: (record: DescribedRecord): string => {
      const { partition, offset, key, timestampMs } = record
      const time = timestampMs < 0 ? '-' : new Date(timestampMs).toISOString()
      return [`${partition}/${offset}`, time, printableBytes(key), describeValue(record, format, valueOf)].join('  ')
    },
    toJson: ({ partition, offset, key, value, timestampMs, headers }: DescribedRecord) => ({
      topic,
      partition,
      offset,
      timestampMs,
      key: textOf(key),
      value: valueOf(value),
      headers: headers.map((header) => ({ name: header.key, value: textOf(header.value) })),
    }),
  }
}

/** Bytes that are no UTF-8, in base64. */
const textOf = (bytes: Buffer | null): string | { readonly base64: string } | null => {
  if (bytes === null) return null
  return isUtf8(bytes) ? bytes.toString('utf8') : { base64: bytes.toString('base64') }
}

const createDecode =
  (format: Format<unknown> | undefined) =>
  (value: Buffer | null): unknown => {
    if (value === null) return null
    const decoded = format?.decode(value)
    if (decoded?.ok !== true || Buffer.isBuffer(decoded.value)) return textOf(value)
    // What is beyond JSON, such as a date or a long of Avro, has a text of its own.
    return format?.toText ? (JSON.parse(format.toText(decoded.value)) as unknown) : decoded.value
  }

/** Formats whose bytes are text already, with the digits that the record has. */
const textFormats = ['json', 'csv', 'raw', 'bytes']

const describeValue = (
  { value }: DescribedRecord,
  format: Format<unknown> | undefined,
  valueOf: (value: Buffer | null) => unknown,
): string => {
  if (value === null || format === undefined || textFormats.includes(format.name)) return printableBytes(value)
  const decoded = valueOf(value)
  return typeof decoded === 'string' ? printable(decoded) : printable(formatJson(decoded))
}
