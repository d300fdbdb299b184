import { Counter, Histogram, type Registry } from 'prom-client'

export type ProducerMetrics = {
  /** Runs a send, counts its logs once they are acknowledged, and observes the duration. */
  readonly timeSend: (topic: string, logCount: number, send: () => Promise<void>) => Promise<void>
}

/** The producer's Prometheus metrics, with a series for each topic from the start. */
export const createMetrics = (registry: Registry, topics: readonly string[]): ProducerMetrics => {
  const sent = new Counter({
    name: 'producer_logs_sent_total',
    help: 'Logs that Kafka has acknowledged, by topic',
    labelNames: ['topic'],
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'producer_send_seconds',
    help: 'Seconds from sending a batch of logs to its acknowledgement, retries included',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers: [registry],
  })
  for (const topic of topics) sent.inc({ topic }, 0)
  return {
    timeSend: async (topic, logCount, send) => {
      const stop = seconds.startTimer()
      await send()
      stop()
      sent.inc({ topic }, logCount)
    },
  }
}
