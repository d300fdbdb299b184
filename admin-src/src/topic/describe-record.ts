import { isUtf8 } from 'node:buffer'
import { printable, printableBytes } from '@kafka-etl/common'
import { namesOfTopic, parseJsonWithIntegers, type Format } from '@kafka-etl/pipeline'
import type { ConnectedFormats } from '../connect-formats.js'
import { formatDate } from '../format-date.js'
import { formatJson } from '../report.js'
import type { StoredRecord } from '../stored-record.js'

/** A record of a topic, for people and for scripts. */
export type DescribedRecord = StoredRecord & { readonly partition: number; readonly timestampMs: number }

/**
 * Creates the functions that show records of a topic: decoded by the pipeline's format or by the registry, or as text.
 */
export const createDescribeRecord = (
  { definition: { topics }, decodeAny }: Pick<ConnectedFormats, 'definition' | 'decodeAny'>,
  topic: string,
) => {
  const format = Object.values(topics).find((candidate) => namesOfTopic(candidate).includes(topic))?.value
  const decodeKey = createDecode(undefined, decodeAny)
  const decodeValue = createDecode(format, decodeAny)
  const showKey = createShow(decodeKey)
  const showValue = isText(format) ? printableBytes : createShow(decodeValue)
  return {
    /** `0/17 2024-02-05T15:01:52.884Z key value` */
    toLine: ({ partition, offset, key, value, timestampMs }: DescribedRecord): string => {
      return [`${partition}/${offset}`, formatDate(timestampMs), showKey(key), showValue(value)].join('  ')
    },
    toJson: ({ partition, offset, key, value, timestampMs, headers }: DescribedRecord) => ({
      topic,
      partition,
      offset,
      timestampMs,
      key: (key && decodeKey(key)) ?? textOf(key),
      value: (value && decodeValue(value)) ?? textOf(value),
      headers: headers.map((header) => ({ name: header.key, value: textOf(header.value) })),
    }),
  }
}

type Decode = ReturnType<typeof createDecode>

const createShow =
  (decode: Decode) =>
  (bytes: Buffer | null): string => {
    const decoded = bytes === null ? undefined : decode(bytes)
    return decoded === undefined ? printableBytes(bytes) : printable(formatJson(decoded))
  }

/** Bytes that are not UTF-8 become base64. */
const textOf = (bytes: Buffer | null): string | { readonly base64: string } | null => {
  if (bytes === null) return null
  return isUtf8(bytes) ? bytes.toString('utf8') : { base64: bytes.toString('base64') }
}

/** Creates the function that decodes a value to JSON; undefined: nothing decodes it. */
const createDecode =
  (format: Format<unknown> | undefined, decodeAny: ConnectedFormats['decodeAny']) =>
  (value: Buffer): unknown => {
    const decoded = format?.decode(value)
    if (format && decoded?.ok === true && !Buffer.isBuffer(decoded.value)) {
      // Values beyond JSON, such as a date or a long of Avro, have a text form.
      return format.toText ? parseJsonWithIntegers(format.toText(decoded.value)) : decoded.value
    }
    // The topic is not in the pipeline, or the pipeline cannot read the schema.
    const any = decodeAny?.(value)
    return any?.ok ? parseJsonWithIntegers(any.json) : undefined
  }

/** Formats whose bytes are text already, with the digits of the record. */
const textFormats = ['json', 'csv', 'raw', 'bytes']

const isText = (format: Format<unknown> | undefined): boolean =>
  format !== undefined && textFormats.includes(format.name)
