import { createHash } from 'node:crypto'
import type { Header } from '@kafka-etl/pipeline'

/** What must be equal in an output and in what the step makes. */
export type RecordContent = {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly Header[]
}

const hashBytes = 6

/** The hash of a dead letter whose value was cut to fit into the topic: it cannot be compared. */
export const cutRecordHash = -1

/**
 * 48 bits of key, value and headers: they fit into a double, and are enough to distinguish any two records of a topic.
 */
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
