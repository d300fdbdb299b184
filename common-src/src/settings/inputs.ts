/** An input topic and the IANA time zone in which its servers stamp their logs. */
export type Input = { readonly topic: string; readonly zone: string }

/**
 * The partition of `unified_timestamps` and of `dead_letters` that input partition `partition` of the
 * `inputIndex`-th of `inputCount` input topics is written to. No two input partitions share one, so that each output
 * partition has a single transactional writer.
 */
export const outputPartition = (inputCount: number, inputIndex: number, partition: number): number =>
  partition * inputCount + inputIndex

/** How many partitions an output topic needs for input topics with these many partitions, in the order of `INPUTS`. */
export const outputPartitionCount = (inputPartitionCounts: readonly number[]): number =>
  inputPartitionCounts.reduce(
    (needed, count, index) => Math.max(needed, outputPartition(inputPartitionCounts.length, index, count - 1) + 1),
    0,
  )
