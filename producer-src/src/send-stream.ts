import type { Clock } from '@kafka-etl/common'
import type { PartitionWrite } from '@kafka-etl/kafka'
import { createEncodeLogs, type EncodeLogs } from './encode-logs.js'
import { createFormatTimestamp } from './format-timestamp.js'
import { planRound, type StreamLayout, type TopicBatch } from './plan-round.js'
import type { Schedule } from './schedule.js'
import { firstUnsent, type StreamPosition, type TopicPosition } from './stream-position.js'

/** Logs of one round at most: of each topic about a request of 1 MB, so that its transaction weighs little. */
const roundSize = 20_000

export type SendStreamOptions = {
  readonly clock: Clock
  readonly layout: StreamLayout
  readonly schedule: Schedule
  /** Where the stream stood at the start. */
  readonly position: StreamPosition
  /** The first log that is not sent any more; infinite for an endless stream. */
  readonly end: number
  /** Writes the logs of one topic and its new position at once. `encode` is called anew for each attempt. */
  readonly write: (batch: TopicBatch, encode: () => readonly PartitionWrite[], position: TopicPosition) => Promise<void>
  /** Called with what a round has sent, when all of it is acknowledged. */
  readonly onRound: (batches: readonly TopicBatch[]) => void
  readonly stopping: AbortSignal
}

/**
 * Sends the logs of the stream that are not in their topics yet, in rounds of what is due. A round starts when the one
 * before it is acknowledged, so that all logs below its start are in their topics. Ends at the stream's end, or after
 * the round in which `stopping` is aborted.
 */
export const sendStream = async (options: SendStreamOptions): Promise<void> => {
  const { clock, layout, schedule, stopping, end } = options
  const encoders = layout.inputs.map(({ zone }) => createEncodeLogs(createFormatTimestamp(zone), clock.now))
  const start = firstUnsent(options.position, layout.seed)
  const startedMs = clock.monotonicMs()
  for (let next = start; next < end && !stopping.aborted;) {
    const elapsedMs = clock.monotonicMs() - startedMs
    const due = Math.min(start + schedule.dueCount(elapsedMs), next + roundSize, end)
    if (due > next) await sendRound(options, encoders, next, due)
    else await clock.sleep(schedule.pauseMs(next - start, elapsedMs), stopping)
    next = Math.max(next, due)
  }
}

const sendRound = async (
  { layout, position, write, onRound }: SendStreamOptions,
  encoders: readonly EncodeLogs[],
  start: number,
  end: number,
): Promise<void> => {
  const batches = planRound(layout, position, start, end)
  await Promise.all(
    batches.map((batch) => write(batch, () => encodeBatch(layout, encoders, batch), { next: end, confirmed: start })),
  )
  onRound(batches)
}

const encodeBatch = (
  { inputs }: StreamLayout,
  encoders: readonly EncodeLogs[],
  { inputIndex, partitions }: TopicBatch,
): readonly PartitionWrite[] => {
  const topic = inputs[inputIndex]?.topic
  const encodeLogs = encoders[inputIndex]
  if (topic === undefined || !encodeLogs) throw new Error(`expected an input ${inputIndex}, got none`)
  return [...partitions].flatMap(([partition, indexes]) =>
    encodeLogs(indexes).map((records) => ({ topic, partition, records })),
  )
}
