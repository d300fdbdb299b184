import { sizeOfVarint, writeVarint } from '@kafka-etl/kafka'
import type { IHeaders } from 'kafkajs'

/** Headers by name, as in KafkaJS; a name that occurs several times has a list. A value may be null. */
export type Headers = IHeaders

type HeaderValue = Buffer | string | null

const listHeaders = (headers: Headers): readonly (readonly [string, HeaderValue])[] =>
  Object.entries(headers).flatMap(([name, value]) =>
    Array.isArray(value)
      ? value.map((one) => [name, one] as const)
      : // KafkaJS's types have no null, Kafka does.
        [[name, value ?? null] as const],
  )

/** The header count and the headers, as in a record. */
export const encodeHeaders = (headers: Headers): Buffer => {
  const list = listHeaders(headers)
  const bytes = list.reduce(
    (sum, [name, value]) =>
      sum + sizeOfBytes(Buffer.byteLength(name)) + (value === null ? 1 : sizeOfBytes(Buffer.byteLength(value))),
    sizeOfVarint(list.length),
  )
  const target = Buffer.allocUnsafe(bytes)
  let at = writeVarint(target, 0, list.length)
  for (const [name, value] of list) {
    at = writeBytes(target, at, name)
    at = writeBytes(target, at, value)
  }
  return target
}

const sizeOfBytes = (length: number): number => sizeOfVarint(length) + length

const writeBytes = (target: Buffer, start: number, value: HeaderValue): number => {
  if (value === null) return writeVarint(target, start, -1)
  const at = writeVarint(target, start, Buffer.byteLength(value))
  return at + (typeof value === 'string' ? target.write(value, at) : value.copy(target, at))
}
