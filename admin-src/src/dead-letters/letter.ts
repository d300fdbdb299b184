import { headerNames, parseSource, type SourceCoordinates } from '@kafka-etl/kafka'
import type { IHeaders, KafkaMessage } from 'kafkajs'

/** What the ETL adds to a record that it sets aside. */
const addedHeaders = [
  headerNames.source,
  headerNames.errorReason,
  headerNames.errorMessage,
  headerNames.errorTimestamp,
  headerNames.originalSize,
] as const

/** A record of the dead letter topic, its headers read. */
export type DeadLetter = {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: IHeaders
  /** Undefined where the record has no such header: it is none of the ETL's. */
  readonly source: SourceCoordinates | undefined
  readonly reason: string | undefined
  readonly message: string
  readonly rejectedAtMs: number | undefined
  /** The bytes that the value had, where the letter was cut to fit into the topic. */
  readonly originalSize: number | undefined
  /** The dead letter that this one is a failed replay of. */
  readonly replayOf: string | undefined
}

export const parseLetter = (topic: string, partition: number, record: KafkaMessage): DeadLetter => {
  const headers = record.headers ?? {}
  const text = (name: string): string | undefined => lastValue(headers, name)?.toString()
  return {
    topic,
    partition,
    offset: BigInt(record.offset),
    key: record.key,
    value: record.value,
    headers,
    source: parseSource(text(headerNames.source) ?? ''),
    reason: text(headerNames.errorReason),
    message: text(headerNames.errorMessage) ?? '',
    rejectedAtMs: parseWhole(text(headerNames.errorTimestamp)),
    originalSize: parseWhole(text(headerNames.originalSize)),
    replayOf: text(headerNames.replayOf),
  }
}

/** The ETL's headers come last, so that they win over those of the same name that the input brought. */
const lastValue = (headers: IHeaders, name: string): Buffer | string | undefined => {
  const value = headers[name]
  return (Array.isArray(value) ? value.at(-1) : value) ?? undefined
}

const parseWhole = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined

/** `dead_letters/0/17` */
export const formatCoordinates = ({ topic, partition, offset }: DeadLetter): string => `${topic}/${partition}/${offset}`

/** The headers that the record had before the ETL added its own: of each name that it adds, the last value is its. */
export const originalHeaders = (headers: IHeaders): IHeaders => {
  const original: IHeaders = { ...headers }
  for (const name of addedHeaders) {
    const value = original[name]
    const kept = Array.isArray(value) ? value.slice(0, -1) : []
    const [first] = kept
    if (first === undefined) Reflect.deleteProperty(original, name)
    else original[name] = kept.length === 1 ? first : kept
  }
  return original
}
