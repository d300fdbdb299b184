import { once } from 'node:events'
import {
  createSilenceLog,
  type Logger,
  type ProducerSettings,
  type Service,
  type ServiceContext,
} from '@kafka-etl/common'
import { ensureTopics, waitForKafka, type Kafka, type PartitionCounts } from '@kafka-etl/kafka'
import type { Kafka as KafkaJs } from 'kafkajs'
import { describeLiveness, describeReadiness } from './health.js'
import { createMetrics, type ProducerMetrics } from './metrics.js'
import { firstMissing, type Progress } from './progress.js'
import { createPublisher, type Publisher } from './publish.js'
import { readResumePoint } from './resume.js'
import { createSchedule } from './schedule.js'
import { sendStream } from './send-stream.js'
import { createSentLog } from './sent-log.js'

type ProducerContext = ServiceContext<ProducerSettings> & { readonly kafka: Kafka; readonly kafkajs: KafkaJs }

/** The producer: a seeded stream of logs, each sent to the topic of its zone exactly once, over restarts too. */
export const createProducer = (context: ProducerContext): Service => {
  let publisher: Publisher | undefined
  const topics = context.settings.inputs.map(({ topic }) => topic)
  const metrics = createMetrics(context.registry, topics)
  const stallMs = context.settings.stallSeconds * 1000
  return {
    run: async (stopping) => {
      const { kafka, kafkajs, logger, clock, settings } = context
      await waitForKafka({ kafka, logger, clock, settings, timeoutMs: settings.kafkaWaitSeconds * 1000, stopping })
      if (stopping.aborted) return
      const partitionCounts = await prepareTopics(context)
      const progress = await readProgressSoFar(context, stallMs)
      if (firstMissing(progress) >= endOf(settings)) return
      publisher = await createPublisher({ kafka: kafkajs, clock, logger, stallMs })
      const sending = sendRest(context, metrics, { partitionCounts, progress, publisher, stopping })
      const endWatch = watchSilence(logger, publisher)
      await Promise.race([sending, abandonSending(context, stopping)]).finally(endWatch)
      await Promise.race([publisher.close(), clock.sleep(longestGoodbyeMs)])
    },
    readiness: () => describeReadiness(publisher?.sendingForMs()),
    liveness: () => describeLiveness(publisher?.sendingForMs() ?? 0, stallMs),
  }
}

// Together within the 10 s that a service has to stop.
const longestLastSendMs = 6_000
const longestGoodbyeMs = 2_000

/**
 * Resolves when the send that was under way at the stop has had its time: without a broker it would never end. Whether
 * the broker has it is found out at the next start, as after a crash.
 */
const abandonSending = async ({ clock, logger }: ProducerContext, stopping: AbortSignal): Promise<void> => {
  if (!stopping.aborted) await once(stopping, 'abort')
  await clock.sleep(longestLastSendMs)
  logger.warn('Kafka has not acknowledged the last logs; the next start finds out whether it has them')
}

/** A send takes milliseconds: looks once a second whether one is under way for long. */
const watchSilence = (logger: Logger, { sendingForMs }: Publisher): (() => void) => {
  const tellSilence = createSilenceLog(logger)
  const timer = setInterval(() => tellSilence(sendingForMs()), 1_000)
  return () => clearInterval(timer)
}

const endOf = ({ count }: ProducerSettings): number => (count === 0 ? Number.POSITIVE_INFINITY : count)

const prepareTopics = async ({ kafka, logger, settings }: ProducerContext): Promise<PartitionCounts> => {
  const admin = await kafka.connectAdmin()
  try {
    return await ensureTopics(admin, settings, logger)
  } finally {
    await admin.close()
  }
}

const readProgressSoFar = async (
  { kafkajs: kafka, logger, settings: { inputs, seed, count } }: ProducerContext,
  timeoutMs: number,
): Promise<Progress> => {
  const topics = inputs.map(({ topic }) => topic)
  const progress = await readResumePoint({ kafka, topics, seed, timeoutMs })
  const next = firstMissing(progress)
  if (count > 0 && next >= count) {
    logger.info(
      `${count} of ${count} logs are in the topics already: nothing to send; raise PRODUCER_COUNT, or start over with make clean`,
    )
  } else if (next > 0) {
    logger.info({ next, seed }, `${next} logs are in the topics already, going on with log ${next}`)
  }
  return progress
}

type Sending = {
  readonly partitionCounts: PartitionCounts
  readonly progress: Progress
  readonly publisher: Publisher
  readonly stopping: AbortSignal
}

const sendRest = async (
  { logger, clock, settings }: ProducerContext,
  metrics: ProducerMetrics,
  { partitionCounts, progress, publisher, stopping }: Sending,
): Promise<void> => {
  const { inputs, seed, rate } = settings
  const sentLog = createSentLog(logger, clock, inputs)
  const startedMs = clock.monotonicMs()
  let sent = 0
  await sendStream({
    clock,
    layout: { seed, inputs, partitionCounts: inputs.map(({ topic }) => partitionCounts.get(topic) ?? 1) },
    schedule: createSchedule(rate),
    progress,
    end: endOf(settings),
    send: (batch) => metrics.timeSend(batch, () => publisher.send(batch)),
    onRound: (batches) => {
      sent += batches.reduce((sum, { indexes }) => sum + indexes.length, 0)
      sentLog.add(batches)
    },
    stopping,
  })
  sentLog.flush()
  const seconds = (clock.monotonicMs() - startedMs) / 1000
  logger.info(
    { sent, seconds: Number(seconds.toFixed(1)) },
    `sent ${sent} logs in ${seconds.toFixed(1)} s, all acknowledged`,
  )
}
