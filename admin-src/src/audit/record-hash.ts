import { createHash } from 'node:crypto'
import type { Header } from '@kafka-etl/pipeline'

/** What has to be the same of an output and of what the step makes. */
export type RecordContent = {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly Header[]
}

const hashBytes = 6

/** Of a dead letter whose value was cut to fit into the topic: there is nothing to compare it by. */
export const cutRecordHash = -1

/** 48 bits of key, value and headers: few enough for a double, enough to tell any two of a topic apart. */
export const hashRecord = ({ key, value, headers }: RecordContent): number => {
  const hash = createHash('md5')
  const add = (bytes: Buffer | null): void => {
    hash.update(`${bytes === null ? -1 : bytes.length}:`)
    if (bytes !== null) hash.update(bytes)
  }
  add(key)
  add(value)
  for (const [name, bytes] of headers) {
    add(Buffer.from(name))
    add(bytes)
  }
  return hash.digest().readUIntBE(0, hashBytes)
}
