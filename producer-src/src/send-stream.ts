import type { Clock, Input } from '@kafka-etl/common'
import type { Message } from 'kafkajs'
import { formatLog } from './format-log.js'
import { createFormatTimestamp, type FormatTimestamp } from './format-timestamp.js'
import { formatLogHeaders } from './log-headers.js'
import { planRound, type Batch, type StreamLayout } from './plan-round.js'
import type { Progress } from './progress.js'
import type { PartitionMessages } from './publish.js'
import type { Schedule } from './schedule.js'

/** Logs of one round at most: a request of them all stays below Kafka's default limit of 1 MB. */
const roundSize = 4_000

export type SendStreamOptions = {
  readonly clock: Clock
  readonly layout: StreamLayout
  readonly schedule: Schedule
  readonly progress: Progress
  /** The first log that is not sent any more; infinite for an endless stream. */
  readonly end: number
  readonly send: (batch: PartitionMessages) => Promise<void>
  /** Called with what a round has sent, when all of it is acknowledged. */
  readonly onRound: (batches: readonly Batch[]) => void
  readonly stopping: AbortSignal
}

/**
 * Sends the logs of the stream that are not in their topics yet, in rounds of what is due. A round starts when the one
 * before it is acknowledged, so that all logs below its start are in their topics: that is what its records'
 * `confirmed` says. Ends at the stream's end, or after the round in which `stopping` is aborted.
 */
export const sendStream = async (options: SendStreamOptions): Promise<void> => {
  const { clock, schedule, stopping, end } = options
  const formatters = options.layout.inputs.map(({ zone }) => createFormatTimestamp(zone))
  const start = options.progress.confirmed
  const startedMs = clock.monotonicMs()
  for (let next = start; next < end && !stopping.aborted;) {
    const elapsedMs = clock.monotonicMs() - startedMs
    const due = Math.min(start + schedule.dueCount(elapsedMs), next + roundSize, end)
    if (due > next) await sendRound(options, formatters, next, due)
    else await clock.sleep(schedule.pauseMs(next - start, elapsedMs), stopping)
    next = Math.max(next, due)
  }
}

const sendRound = async (
  { clock, layout, progress, send, onRound }: SendStreamOptions,
  formatters: readonly FormatTimestamp[],
  start: number,
  end: number,
): Promise<void> => {
  const batches = planRound(layout, progress, start, end)
  for (const batch of batches) {
    const input: Input | undefined = layout.inputs[batch.inputIndex]
    const formatTimestamp = formatters[batch.inputIndex]
    if (!input || !formatTimestamp) throw new Error(`expected an input ${batch.inputIndex}, got none`)
    const messages = batch.indexes.map((index) => stamp(clock, layout.seed, formatTimestamp, batch, index, start))
    await send({ topic: input.topic, partition: batch.partition, messages })
  }
  onRound(batches)
}

/** The log's date is the moment at which it is handed over to be sent. */
const stamp = (
  clock: Clock,
  seed: number,
  formatTimestamp: FormatTimestamp,
  { partition }: Batch,
  index: number,
  confirmed: number,
): Message => {
  const instant = clock.now()
  return {
    key: null,
    partition,
    value: formatLog(formatTimestamp, instant, index),
    timestamp: String(instant.epochMs),
    headers: formatLogHeaders(seed, { index, confirmed }),
  }
}
