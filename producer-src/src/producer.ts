import { once } from 'node:events'
import {
  createSilenceLog,
  type Logger,
  type ProducerSettings,
  type Service,
  type ServiceContext,
} from '@kafka-etl/common'
import { ensureTopics, needsOfNames, waitForKafka, type Kafka, type PartitionCounts } from '@kafka-etl/kafka'
import { describeLiveness, describeReadiness } from './health.js'
import { createMetrics, type ProducerMetrics } from './metrics.js'
import { countLogs, type StreamLayout } from './plan-round.js'
import { createSchedule } from './schedule.js'
import { sendStream } from './send-stream.js'
import { createSentLog } from './sent-log.js'
import { firstUnsent, positionGroupOf, toStreamPosition } from './stream-position.js'
import { openTopicWriter, type TopicWriter } from './topic-writer.js'

type ProducerContext = ServiceContext<ProducerSettings> & { readonly kafka: Kafka }

/** The producer: a seeded stream of logs, each sent to the topic of its zone exactly once, over restarts too. */
export const createProducer = (context: ProducerContext): Service => {
  let writers: readonly TopicWriter[] | undefined
  const metrics = createMetrics(
    context.registry,
    context.settings.inputs.map(({ topic }) => topic),
  )
  const stallMs = context.settings.stallSeconds * 1000
  const sendingForMs = (): number | undefined => writers && Math.max(...writers.map((writer) => writer.writingForMs()))
  return {
    run: async (stopping) => {
      const { kafka, logger, clock, settings } = context
      await waitForKafka({ kafka, logger, clock, settings, timeoutMs: settings.kafkaWaitSeconds * 1000, stopping })
      if (stopping.aborted) return
      const partitionCounts = await prepareTopics(context)
      writers = await openWriters(context, stallMs)
      if (isThereWorkLeft(context, writers)) {
        const sending = sendRest(context, metrics, { partitionCounts, writers, stopping })
        const endWatch = watchSilence(logger, () => sendingForMs() ?? 0)
        await Promise.race([sending, abandonSending(context, stopping)]).finally(endWatch)
      }
      await Promise.race([Promise.all(writers.map((writer) => writer.close())), clock.sleep(longestGoodbyeMs)])
    },
    readiness: () => describeReadiness(sendingForMs()),
    liveness: () => describeLiveness(sendingForMs() ?? 0, stallMs),
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
const watchSilence = (logger: Logger, sendingForMs: () => number): (() => void) => {
  const tellSilence = createSilenceLog(logger)
  const timer = setInterval(() => tellSilence(sendingForMs()), 1_000)
  return () => clearInterval(timer)
}

const endOf = ({ count }: ProducerSettings): number => (count === 0 ? Number.POSITIVE_INFINITY : count)

const prepareTopics = async ({ kafka, logger, settings }: ProducerContext): Promise<PartitionCounts> => {
  const admin = await kafka.connectAdmin()
  try {
    return await ensureTopics(admin, needsOfNames(settings), logger)
  } finally {
    await admin.close()
  }
}

/** One after the other, in the order of INPUTS: of two producers that start together, one is soon the last of both. */
const openWriters = async (context: ProducerContext, stallMs: number): Promise<readonly TopicWriter[]> => {
  const { kafka, clock, logger, settings } = context
  const groupId = positionGroupOf(settings.seed)
  const writers: TopicWriter[] = []
  for (const { topic } of settings.inputs) {
    writers.push(await openTopicWriter({ kafka, clock, logger, groupId, topic, stallMs }))
  }
  return writers
}

const positionOf = (writers: readonly TopicWriter[]) => toStreamPosition(writers.map(({ position }) => position))

const isThereWorkLeft = ({ logger, settings }: ProducerContext, writers: readonly TopicWriter[]): boolean => {
  const { seed, count } = settings
  const next = firstUnsent(positionOf(writers), seed)
  const hasWork = next < endOf(settings)
  if (!hasWork) {
    logger.info(
      `${count} of ${count} logs are in the topics already: nothing to send; raise PRODUCER_COUNT, or start over with make clean`,
    )
  } else if (next > 0) {
    logger.info({ next, seed }, `${next} logs are in the topics already, going on with log ${next}`)
  }
  return hasWork
}

type Sending = {
  readonly partitionCounts: PartitionCounts
  readonly writers: readonly TopicWriter[]
  readonly stopping: AbortSignal
}

const sendRest = async (
  { logger, clock, settings }: ProducerContext,
  metrics: ProducerMetrics,
  { partitionCounts, writers, stopping }: Sending,
): Promise<void> => {
  const { inputs, seed, rate } = settings
  const layout: StreamLayout = {
    seed,
    inputs,
    partitionCounts: inputs.map(({ topic }) => partitionCounts.get(topic) ?? 1),
  }
  const sentLog = createSentLog(logger, clock, inputs)
  const startedMs = clock.monotonicMs()
  let sent = 0
  await sendStream({
    clock,
    layout,
    schedule: createSchedule(rate),
    position: positionOf(writers),
    end: endOf(settings),
    write: async (batch, encode, position) => {
      const writer = writers[batch.inputIndex]
      const topic = inputs[batch.inputIndex]?.topic
      if (!writer || topic === undefined) throw new Error(`expected an input ${batch.inputIndex}, got none`)
      await metrics.timeSend(topic, countLogs(batch), () => writer.write(encode, position))
    },
    onRound: (batches) => {
      sent += batches.reduce((sum, batch) => sum + countLogs(batch), 0)
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
