import type { PartitionCounts } from '@kafka-etl/kafka'
import { createEncodeRecords } from './encode-records.js'
import type { ProducerMetrics } from './metrics.js'
import type { ProducerContext } from './producer-context.js'
import { createProgressBar } from './progress-bar.js'
import { sendStream } from './send-stream.js'
import { createSentLog } from './sent-log.js'
import type { Stream } from './stream/stream.js'
import type { TopicWriter } from './topic-writer.js'

export type Rest = {
  readonly stream: Stream
  readonly partitionCounts: PartitionCounts
  /** One writer for each topic of the stream. */
  readonly writers: readonly TopicWriter[]
  /** The range of record numbers: from `start` up to but not including `end`. */
  readonly start: number
  readonly end: number
  readonly stopping: AbortSignal
}

/** Sends the rest of the stream and logs the progress. */
export const sendRest = async (
  { logger, clock, settings, output }: ProducerContext,
  metrics: ProducerMetrics,
  { stream, partitionCounts, writers, start, end, stopping }: Rest,
): Promise<void> => {
  const targets = stream.topics.map(({ name }, index) => ({
    topic: name,
    writer: writers[index],
    encode: createEncodeRecords(stream, { topic: name, partitions: partitionCounts.get(name) ?? 1 }, clock.now),
  }))
  const sentLog = createSentLog(logger, clock, { noun: stream.noun, topics: stream.topics.map(({ label }) => label) })
  const bar = createProgressBar(output, end)
  bar.update(start)
  const startedMs = clock.monotonicMs()
  let sent = 0
  await sendStream({
    clock,
    stream,
    rate: settings.rate ?? stream.rate,
    committed: writers.map(({ position }) => position),
    start,
    end,
    write: async ({ topicIndex, indexes }, position) => {
      const target = targets[topicIndex]
      if (!target?.writer) throw new Error(`expected a topic ${topicIndex} of the stream, got none`)
      const { topic, writer, encode } = target
      await metrics.timeSend(topic, indexes.length, () => writer.write(() => encode(indexes), position))
    },
    onRound: (batches) => {
      sent += batches.reduce((sum, { indexes }) => sum + indexes.length, 0)
      bar.update(start + sent)
      sentLog.add(batches)
    },
    stopping,
  }).finally(() => bar.stop())
  sentLog.flush()
  const seconds = (clock.monotonicMs() - startedMs) / 1000
  logger.info(
    { sent, seconds: Number(seconds.toFixed(1)) },
    `sent ${sent} ${stream.noun} in ${seconds.toFixed(1)} s, all acknowledged`,
  )
}
