import { once } from 'node:events'
import { createSilenceLog, type Logger, type ProducerSettings, type Service } from '@kafka-etl/common'
import { waitForKafka } from '@kafka-etl/kafka'
import { connectFormats, type AnyDefinition } from '@kafka-etl/pipeline'
import { describeLiveness, describeReadiness } from './health.js'
import { createMetrics } from './metrics.js'
import { openWriters, prepareTopics } from './open-writers.js'
import type { ProducerContext } from './producer-context.js'
import { sendRest } from './send-rest.js'
import { singularOf } from './sent-log.js'
import { firstUnsent } from './stream-position.js'
import { createStream } from './stream/stream-of-pipeline.js'
import type { Stream } from './stream/stream.js'
import type { TopicWriter } from './topic-writer.js'

/** The producer: sends each record of a stream to its topic exactly once, even across restarts. */
export const createProducer = (context: ProducerContext): Service => {
  const { registry, settings, pipeline } = context
  const streamOf = (definition: AnyDefinition): Stream =>
    createStream({ ...pipeline, definition, file: settings.file, seed: settings.seed })
  // The stream is created once more with the ids of schemas, if there are any.
  const unconnected = streamOf(pipeline.definition)
  let writers: readonly TopicWriter[] | undefined
  const metrics = createMetrics(
    registry,
    unconnected.topics.map(({ name }) => name),
  )
  const stallMs = settings.stallSeconds * 1000
  const sendingForMs = (): number | undefined => writers && Math.max(...writers.map((writer) => writer.writingForMs()))
  return {
    run: async (stopping) => {
      const { kafka, logger, clock } = context
      await waitForKafka({ kafka, logger, clock, settings, timeoutMs: settings.kafkaWaitSeconds * 1000, stopping })
      if (stopping.aborted) return
      const { definition } = await connectFormats({
        definition: pipeline.definition,
        written: unconnected.topics.map(({ alias }) => alias),
        settings,
        logger,
        clock,
        waitMs: settings.kafkaWaitSeconds * 1000,
        stopping,
      })
      const stream = definition === pipeline.definition ? unconnected : streamOf(definition)
      const partitionCounts = await prepareTopics(context)
      writers = await openWriters(context, stream, stallMs)
      const start = firstUnsent(
        writers.map(({ position }) => position),
        stream,
      )
      const end = endOf(stream, settings)
      if (isThereWorkLeft(context, stream, start, end)) {
        const sending = sendRest(context, metrics, { stream, partitionCounts, writers, start, end, stopping })
        const endWatch = watchSilence(logger, () => sendingForMs() ?? 0)
        await Promise.race([sending, abandonSending(context, stopping)]).finally(endWatch)
      }
      await Promise.race([Promise.all(writers.map((writer) => writer.close())), clock.sleep(longestGoodbyeMs)])
    },
    readiness: () => describeReadiness(sendingForMs()),
    liveness: () => describeLiveness(sendingForMs() ?? 0, stallMs),
  }
}

// This and the rest of the stop fit into the 10 s that a service has to stop.
const longestLastSendMs = 6_000
const longestGoodbyeMs = 2_000

/**
 * Resolves when the current send has had its time at the stop: without a broker it would never end. The next start
 * finds out whether the broker has it, as after a crash.
 */
const abandonSending = async ({ clock, logger }: ProducerContext, stopping: AbortSignal): Promise<void> => {
  if (!stopping.aborted) await once(stopping, 'abort')
  await clock.sleep(longestLastSendMs)
  logger.warn('Kafka has not acknowledged the last records; the next start finds out whether it has them')
}

/** Checks once a second whether a send, which normally takes milliseconds, is taking long. */
const watchSilence = (logger: Logger, sendingForMs: () => number): (() => void) => {
  const tellSilence = createSilenceLog(logger)
  const timer = setInterval(() => tellSilence(sendingForMs()), 1_000)
  return () => clearInterval(timer)
}

const endOf = (stream: Stream, { count = stream.count }: ProducerSettings): number =>
  count === 0 ? Number.POSITIVE_INFINITY : stream.recordsOf(count)

const isThereWorkLeft = (
  { logger, settings: { seed } }: ProducerContext,
  { noun }: Stream,
  next: number,
  end: number,
): boolean => {
  const hasWork = next < end
  if (!hasWork) {
    logger.info(
      `${end} of ${end} ${noun} are in the topics already: nothing to send; raise PRODUCER_COUNT, or start over with make clean`,
    )
  } else if (next > 0) {
    logger.info(
      { next, seed },
      `${next} ${noun} are in the topics already, continuing with ${singularOf(noun)} ${next}`,
    )
  }
  return hasWork
}
