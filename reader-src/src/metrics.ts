import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** What the reader tells Prometheus. */
export const createReaderMetrics = (registry: Registry) => {
  const registers = [registry]
  const counter = (name: string, help: string): Counter => new Counter({ name, help, registers })
  return {
    rowsWritten: counter('reader_rows_written_total', 'Rows appended to results.csv'),
    bytesWritten: counter('reader_bytes_written_total', 'Bytes appended to results.csv'),
    duplicatesDropped: counter('reader_duplicates_dropped_total', 'Records whose source was in results.csv already'),
    recordsUnreadable: counter(
      'reader_records_unreadable_total',
      'Records of the output topic that are not of the ETL',
    ),
    rebalances: counter('reader_rebalances_total', 'Times that the consumer joined its group'),
    paused: new Gauge({ name: 'reader_paused', help: '1 while the disk of results.csv is full', registers }),
    lagRecords: new Gauge({
      name: 'reader_consumer_lag_records',
      help: 'Committed offsets that are not read yet; 0 when drained, commit markers included',
      labelNames: ['partition'],
      registers,
    }),
    lagSeconds: new Gauge({
      name: 'reader_consumer_lag_seconds',
      help: 'How long the oldest waiting record waits, 0 without lag',
      registers,
    }),
    appendSeconds: new Histogram({
      name: 'reader_append_seconds',
      help: 'Time to write a batch and its positions to disk',
      buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
      registers,
    }),
  }
}

export type ReaderMetrics = ReturnType<typeof createReaderMetrics>
