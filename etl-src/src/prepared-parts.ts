import type { RecordView, RecordViews } from '@kafka-etl/kafka'
import type { PartitionWriter } from './opened-partition.js'
import { splitBefore, type RecordsPart } from './split-records.js'

/**
 * Yields the whole part if all its records can be read now. Otherwise yields the records before the first one that has
 * to wait, and the others once everything they need is there. If that is not available, it rejects after the first
 * ones.
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
  // It may reject while the first records are committed; it is awaited below.
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
