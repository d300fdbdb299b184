import type { RecordView, RecordViews } from '@kafka-etl/kafka'
import type { PartitionWriter } from './opened-partition.js'
import { splitBefore, type RecordsPart } from './split-records.js'

/**
 * The part itself if its records can be read now. Else those before the first that has to wait, at once, and the others
 * when all they need is there. Rejects behind the first ones if that cannot be had.
 */
export async function* preparedParts(
  prepare: PartitionWriter['prepare'],
  part: RecordsPart,
): AsyncGenerator<RecordsPart> {
  const prepared = prepare?.(part.records)
  if (!prepare || !prepared) {
    yield part
    return
  }
  // It may fail while the first records are committed; it is awaited below.
  prepared.catch(() => undefined)
  const [ready, waiting] = splitBefore(part, (record) => hasToWait(prepare(only(record))))
  if (ready) yield ready
  await prepared
  yield waiting
}

const only = (record: RecordView): RecordViews => ({ forEach: (visit) => visit(record) })

const hasToWait = (prepared: Promise<void> | undefined): boolean => {
  prepared?.catch(() => undefined)
  return prepared !== undefined
}
