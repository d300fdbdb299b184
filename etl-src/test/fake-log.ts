import { createHash } from 'node:crypto'
import type { RecordView } from '@kafka-etl/kafka'
import type { RestoreOptions } from '../src/restore-state.js'

/** One partition's records from an offset on; undefined: removed by compaction. A page holds two offsets. */
export const createFakeLog = (
  values: readonly (string | undefined)[],
  start = 0n,
): { readonly admin: RestoreOptions['admin']; readonly read: readonly bigint[] } => {
  const read: bigint[] = []
  const end = start + BigInt(values.length)
  const recordsFrom = (offset: bigint): readonly Pick<RecordView, 'offset' | 'value'>[] =>
    [offset, offset + 1n].flatMap((at) => {
      const text = values[Number(at - start)]
      return text === undefined ? [] : [{ offset: at, value: Buffer.from(text) }]
    })
  const admin: RestoreOptions['admin'] = {
    readLogRanges: () => Promise.resolve([{ topic: 't', partition: 3, start, end, stableEnd: end }]),
    describeTopics: () =>
      Promise.resolve([
        { topic: 't', id: 'A', partitions: [{ partition: 3, leaderId: 1, replicaIds: [1], inSyncIds: [1] }] },
      ]),
    readLogPage: ({ offset, nodeId }) => {
      if (nodeId !== 1 || offset < start) throw new Error(`expected an offset of the log, got ${offset}`)
      read.push(offset)
      const nextOffset = offset + 2n > end ? end : offset + 2n
      const chunks = async function* () {
        yield await Promise.resolve({ records: { [Symbol.iterator]: () => recordsFrom(offset).values() }, nextOffset })
      }
      const fetched = { topic: 't', partition: 3, fetchedOffset: offset, lastOffset: nextOffset - 1n, chunks }
      return Promise.resolve({ fetched, spans: [], nextOffset, stableEnd: end, bytes: 0 } as never)
    },
  }
  return { admin, read }
}

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex')
