import type { Clock, Input } from '@kafka-etl/common'
import { createEncodeLogs, type EncodeLogs } from './encode-logs.js'
import { createFormatTimestamp } from './format-timestamp.js'
import { planRound, type Batch, type StreamLayout } from './plan-round.js'
import type { Progress } from './progress.js'
import type { PartitionRun } from './publish.js'
import type { Schedule } from './schedule.js'

/** Logs of one round at most: a request of them all stays below Kafka's default limit of 1 MB. */
const roundSize = 6_000

export type SendStreamOptions = {
  readonly clock: Clock
  readonly layout: StreamLayout
  readonly schedule: Schedule
  readonly progress: Progress
  /** The first log that is not sent any more; infinite for an endless stream. */
  readonly end: number
  readonly send: (batch: PartitionRun) => Promise<void>
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
  const encoders = options.layout.inputs.map(({ zone }) =>
    createEncodeLogs(options.layout.seed, createFormatTimestamp(zone), clock.now),
  )
  const start = options.progress.confirmed
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
  { layout, progress, send, onRound }: SendStreamOptions,
  encoders: readonly EncodeLogs[],
  start: number,
  end: number,
): Promise<void> => {
  const batches = planRound(layout, progress, start, end)
  for (const batch of batches) {
    const input: Input | undefined = layout.inputs[batch.inputIndex]
    const encodeLogs = encoders[batch.inputIndex]
    if (!input || !encodeLogs) throw new Error(`expected an input ${batch.inputIndex}, got none`)
    for (const run of encodeLogs(batch.indexes, start)) {
      await send({ topic: input.topic, partition: batch.partition, run })
    }
  }
  onRound(batches)
}
