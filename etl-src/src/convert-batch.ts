import type { PartitionWrite, RecordViews } from '@kafka-etl/kafka'
import { createOpenRun, type PartitionRun, type PartitionState } from '@kafka-etl/pipeline'
import type { BatchTally } from './batch-tally.js'
import {
  createBeginConversions,
  type BatchContext,
  type Conversions,
  type ConvertOne,
  type ConvertOptions,
} from './conversions.js'
import { convertRecord } from './convert-record.js'
import { createConvertUpdates } from './convert-updates.js'

/** The result of a batch of input records: outputs, dead letters or nothing for each of them, in input order. */
export type ConvertedBatch = Readonly<BatchTally> & {
  /**
   * Iterate only once. If updates are rejected, records are converted during the iteration; the tally is complete only
   * after it.
   */
  readonly writes: Iterable<PartitionWrite>
  /** The state for the records after this batch. */
  readonly state: PartitionState
  /** Releases the memory of `writes`. Call it only after the commit: an abandoned request may still read its bytes. */
  readonly release: () => void
}

export type ConvertBatch = (records: RecordViews, context: BatchContext) => ConvertedBatch

/** Creates the function that runs the pipeline over the records of one input partition. */
export const createConvertBatch = (options: ConvertOptions): ConvertBatch => {
  const { definition, topology, source, memory } = options
  const openRun = createOpenRun(definition, topology, source)
  const begin = createBeginConversions(options)

  const convert = (
    records: RecordViews,
    context: BatchContext,
    run: PartitionRun,
    convertOne: ConvertOne,
  ): ConvertedBatch => {
    const conversions = begin(context, run, convertOne)
    records.forEach(conversions.add)
    const writes = conversions.finish()
    return {
      ...conversions.tally,
      writes,
      state: run.state(),
      release: () => writes.forEach(({ records: { memory: piece } }) => memory.giveBack(piece)),
    }
  }

  return (records, context) => {
    const run = openRun(context.state)
    const { isCommit } = run
    if (!isCommit) return convert(records, context, run, convertRecord)
    const updates = createConvertUpdates(isCommit, new Map())
    const converted = convert(records, context, run, updates.convertOne)
    if (updates.failed.size === 0) return converted
    // The outputs of a failed update are mixed with those of others: convert everything again without the failed one.
    converted.release()
    const { convertOne } = createConvertUpdates(isCommit, updates.failed)
    const conversions = begin(context, openRun(context.state), convertOne)
    const writes = writeWhileConverting(records, conversions)
    return Object.assign(conversions.tally, { writes, state: converted.state, release: () => undefined })
  }
}

/**
 * Converts further records after the previous writes are sent, since the dead letters of a large update take several
 * times its bytes. Leaves the memory to the garbage collector: an abandoned request may still read it.
 */
function* writeWhileConverting(
  records: RecordViews,
  { add, takeEnded, finish }: Conversions,
): Generator<PartitionWrite> {
  for (const part of records.parts ?? [records]) {
    part.forEach(add)
    yield* takeEnded()
  }
  yield* finish()
}
