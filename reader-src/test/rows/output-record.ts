import type { OutputRecord } from '../../src/rows/batch-rows.js'
import type { TransactionalWriter } from '../../src/rows/source-chains.js'

type Header = { readonly key: string; readonly value: Buffer }
type Parts = {
  readonly offset: number
  readonly key?: Buffer | null
  readonly value: Buffer | null
  readonly headers?: readonly Header[]
  readonly writer?: TransactionalWriter
}

/** A record at some position in its own buffer. */
export const outputRecord = ({ offset, key = null, value, headers = [], writer }: Parts): OutputRecord => {
  const front = Buffer.from('in front')
  const headerBytes = encodeHeaders(headers)
  const buffer = Buffer.concat([front, value ?? Buffer.alloc(0), headerBytes, Buffer.from('behind')])
  const headersStart = front.length + (value?.length ?? 0)
  return {
    buffer,
    valueStart: front.length,
    valueLength: value?.length ?? -1,
    headersStart,
    headersEnd: headersStart + headerBytes.length,
    offsetNumber: offset,
    timestampMs: 0,
    key,
    value,
    headers: byName(headers),
    writer,
  }
}

const byName = (headers: readonly Header[]): OutputRecord['headers'] => {
  const grouped = new Map<string, Buffer[]>()
  for (const { key, value } of headers) grouped.set(key, [...(grouped.get(key) ?? []), value])
  return Object.fromEntries(
    [...grouped].map(([key, values]) => [key, values.length === 1 ? (values[0] ?? null) : values]),
  )
}

/** As in format v2 (KIP-98): the count, then name and value of each, all lengths as zigzag varints. */
const encodeHeaders = (headers: readonly Header[]): Buffer =>
  Buffer.concat([
    varint(headers.length),
    ...headers.flatMap(({ key, value }) => [varint(key.length), Buffer.from(key), varint(value.length), value]),
  ])

const varint = (value: number): Buffer => {
  const bytes: number[] = []
  let rest = value * 2
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
  return Buffer.from([...bytes, rest])
}
