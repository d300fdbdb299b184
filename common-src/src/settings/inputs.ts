/** An input topic and the IANA time zone of its servers' logs. */
export type Input = { readonly topic: string; readonly zone: string }

/**
 * The partition of `unified_timestamps` and of `dead_letters` to which the ETL writes the records of input partition
 * `partition` of the `inputIndex`-th of `inputCount` input topics. No two input partitions share one: each output
 * partition has a single transactional writer.
 */
export const outputPartition = (inputCount: number, inputIndex: number, partition: number): number =>
  partition * inputCount + inputIndex

/**
 * How many partitions an output topic needs, given the partition counts of the input topics in the order of `INPUTS`.
 */
export const outputPartitionCount = (inputPartitionCounts: readonly number[]): number =>
  inputPartitionCounts.reduce(
    (needed, count, index) => Math.max(needed, outputPartition(inputPartitionCounts.length, index, count - 1) + 1),
    0,
  )
