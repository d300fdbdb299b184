import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { ConvertedBatch } from './convert-batch.js'
import type { PartitionLag } from './health.js'
import type { HeldBackInput } from './input-progress.js'

export type EtlMetrics = {
  /** `handledAtMs`: the wall clock time of the commit. */
  readonly committed: (topic: string, converted: ConvertedBatch, seconds: number, handledAtMs: number) => void
  readonly transactionFailed: (topic: string) => void
  readonly writerOpened: (topic: string) => void
  readonly joined: () => void
  readonly lags: (lags: readonly PartitionLag[]) => void
  /** Takes all input partitions; a partition without held-back records counts 0. */
  readonly heldBack: (inputs: readonly Pick<HeldBackInput, 'topic' | 'partition' | 'records'>[]) => void
  /** How many records of a partition wait for their update to end. */
  readonly held: (topic: string, partition: number, records: number) => void
}

/** The labels of the metrics: each series exists from the start. */
export type MetricLabels = {
  readonly pipeline: string
  /** The topics with steps. */
  readonly topics: readonly string[]
  readonly reasons: readonly string[]
  readonly warnings: readonly string[]
}

/** The ETL's Prometheus metrics; docs/operations.md says what each of them means. */
export const createEtlMetrics = (
  registry: Registry,
  { pipeline, topics, reasons, warnings }: MetricLabels,
): EtlMetrics => {
  const registers = [registry]
  const counter = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
  ): Counter<Label | 'pipeline'> => new Counter({ name, help, labelNames: [...labelNames, 'pipeline'], registers })
  const recordsIn = counter('etl_records_in_total', 'Input records handled in committed transactions', ['topic'])
  const recordsOut = counter('etl_records_out_total', 'Outputs written in committed transactions', ['topic'])
  const rejected = counter('etl_records_rejected_total', 'Dead letters written in committed transactions', [
    'topic',
    'reason',
  ])
  const dropped = counter('etl_records_dropped_total', 'Input records that a step dropped', ['topic', 'reason'])
  const warned = counter('etl_records_warned_total', 'Outputs written though something about them is odd', [
    'topic',
    'warning',
  ])
  const failures = counter('etl_transactions_failed_total', 'Transactions that failed and were retried', ['topic'])
  const inits = counter('etl_producer_inits_total', 'Transactional producers opened', ['topic'])
  const rebalances = counter('etl_rebalances_total', 'How often this instance has joined its group', [])
  const transactionSeconds = new Histogram({
    name: 'etl_transaction_seconds',
    help: 'Time from fetched batch to committed transaction',
    labelNames: ['topic', 'pipeline'],
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5, 20, 60],
    registers,
  })
  const eventTimeDelay = new Histogram({
    name: 'etl_event_time_delay_seconds',
    help: 'Wall clock minus event time, of the last output of each committed transaction',
    labelNames: ['topic', 'pipeline'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600, 86_400],
    registers,
  })
  const lagRecords = new Gauge({
    name: 'etl_consumer_lag_records',
    help: 'Input records not yet committed',
    labelNames: ['topic', 'partition', 'pipeline'],
    registers,
  })
  const lagSeconds = new Gauge({
    name: 'etl_consumer_lag_seconds',
    help: 'How long the oldest waiting record has waited, 0 without lag',
    labelNames: ['topic', 'partition', 'pipeline'],
    registers,
  })
  const heldBackRecords = new Gauge({
    name: 'etl_held_back_records',
    help: 'Input records and transaction markers behind an open transaction of another producer',
    labelNames: ['topic', 'partition', 'pipeline'],
    registers,
  })
  const unfinishedRecords = new Gauge({
    name: 'etl_unfinished_update_records',
    help: 'Input records that wait for their update to end: read, neither lag nor committed',
    labelNames: ['topic', 'partition', 'pipeline'],
    registers,
  })
  rebalances.inc({ pipeline }, 0)
  // A counter that first appears with the value 1 never shows an increase from 0.
  for (const topic of topics) {
    for (const each of [recordsIn, recordsOut, failures, inits]) each.inc({ topic, pipeline }, 0)
    for (const reason of reasons) rejected.inc({ topic, reason, pipeline }, 0)
    for (const warning of warnings) warned.inc({ topic, warning, pipeline }, 0)
  }
  return {
    committed: (topic, converted, seconds, handledAtMs) => {
      const { recordCount, outputCount, lastEventTimeMs } = converted
      recordsIn.inc({ topic, pipeline }, recordCount)
      recordsOut.inc({ topic, pipeline }, outputCount)
      for (const [reason, count] of converted.rejected) rejected.inc({ topic, reason, pipeline }, count)
      for (const [reason, count] of converted.dropped) dropped.inc({ topic, reason, pipeline }, count)
      for (const [warning, count] of converted.warned) warned.inc({ topic, warning, pipeline }, count)
      transactionSeconds.observe({ topic, pipeline }, seconds)
      if (lastEventTimeMs !== undefined)
        eventTimeDelay.observe({ topic, pipeline }, (handledAtMs - lastEventTimeMs) / 1000)
    },
    transactionFailed: (topic) => failures.inc({ topic, pipeline }),
    writerOpened: (topic) => inits.inc({ topic, pipeline }),
    joined: () => {
      rebalances.inc({ pipeline })
      unfinishedRecords.reset()
    },
    held: (topic, partition, records) => unfinishedRecords.set({ topic, partition, pipeline }, records),
    heldBack: (inputs) => {
      heldBackRecords.reset()
      for (const { topic, partition, records } of inputs) heldBackRecords.set({ topic, partition, pipeline }, records)
    },
    lags: (lags) => {
      lagRecords.reset()
      lagSeconds.reset()
      for (const { topic, partition, records, seconds } of lags) {
        lagRecords.set({ topic, partition, pipeline }, records)
        lagSeconds.set({ topic, partition, pipeline }, seconds)
      }
    },
  }
}
