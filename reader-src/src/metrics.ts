import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { ResultPlan } from './result-plan.js'

const labelNames = ['pipeline', 'topic'] as const

/** The reader's metrics, for each result by pipeline and topic. */
export const createReaderMetrics = (registry: Registry) => {
  const registers = [registry]
  const counter = (name: string, help: string) => new Counter({ name, help, registers, labelNames })
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers, labelNames })
  const counters = {
    rowsWritten: counter('reader_rows_written_total', 'Rows appended to the CSV file'),
    bytesWritten: counter('reader_bytes_written_total', 'Bytes appended to the CSV file'),
    duplicatesDropped: counter('reader_duplicates_dropped_total', 'Records whose source was in the CSV file already'),
    recordsUnreadable: counter('reader_records_unreadable_total', 'Records of the topic that have no row'),
    rebalances: counter('reader_rebalances_total', 'How often the consumer has joined its group'),
  }
  const gauges = {
    paused: gauge('reader_paused', '1 while the disk of the CSV file is full'),
    lagSeconds: gauge('reader_consumer_lag_seconds', 'How long the oldest waiting record has waited, 0 without lag'),
  }
  const lagRecords = new Gauge({
    name: 'reader_consumer_lag_records',
    help: 'Committed offsets that the reader has not read yet, transaction markers included; 0 when drained',
    labelNames: [...labelNames, 'partition'],
    registers,
  })
  const appendSeconds = new Histogram({
    name: 'reader_append_seconds',
    help: 'Time to write a batch and its positions to disk',
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
    labelNames,
    registers,
  })
  return {
    /** The metrics of one result. All begin at 0. */
    ofResult: ({ pipeline, topic }: Pick<ResultPlan, 'pipeline' | 'topic'>) => {
      const labels = { pipeline, topic }
      for (const one of Object.values(counters)) one.inc(labels, 0)
      for (const one of Object.values(gauges)) one.set(labels, 0)
      appendSeconds.zero(labels)
      return {
        rowsWritten: counters.rowsWritten.labels(labels),
        bytesWritten: counters.bytesWritten.labels(labels),
        duplicatesDropped: counters.duplicatesDropped.labels(labels),
        recordsUnreadable: counters.recordsUnreadable.labels(labels),
        rebalances: counters.rebalances.labels(labels),
        paused: gauges.paused.labels(labels),
        lagSeconds: gauges.lagSeconds.labels(labels),
        appendSeconds: appendSeconds.labels(labels),
        setLag: (partition: number, records: number) =>
          lagRecords.set({ ...labels, partition: String(partition) }, records),
      }
    },
  }
}

export type ResultMetrics = ReturnType<ReturnType<typeof createReaderMetrics>['ofResult']>
