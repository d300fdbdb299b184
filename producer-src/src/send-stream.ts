import type { Clock } from '@kafka-etl/common'
import { endOfRound, planRound, type TopicBatch } from './plan-round.js'
import { createSchedule } from './schedule.js'
import { toStreamPosition, type StreamPosition, type TopicPosition } from './stream-position.js'
import type { Stream } from './stream/stream.js'
import { createUnits } from './units.js'

/** The most records of one round: about one request of 1 MB for each topic, large enough to make transactions cheap. */
const roundSize = 20_000

export type SendStreamOptions = {
  readonly clock: Clock
  readonly stream: Stream
  /** Units per second; 0: as fast as possible. */
  readonly rate: number
  /** The committed positions of the stream at the start. */
  readonly committed: readonly (TopicPosition | undefined)[]
  /** The first record that is not in its topic. */
  readonly start: number
  /** The end of the records to send (exclusive); infinite for an endless stream. */
  readonly end: number
  /** Writes the records of one topic together with its new position. */
  readonly write: (batch: TopicBatch, position: TopicPosition) => Promise<void>
  /** Called with the batches of a round once all of them are acknowledged. */
  readonly onRound: (batches: readonly TopicBatch[]) => void
  readonly stopping: AbortSignal
}

/**
 * Sends the records of the stream that are not in their topics yet, in rounds of what is due. A round starts after the
 * previous one is acknowledged: all records before its start are in their topics. Ends at the stream's end, or after
 * the round in which `stopping` is aborted.
 */
export const sendStream = async (options: SendStreamOptions): Promise<void> => {
  const { clock, stream, rate, start, end, stopping } = options
  const position = toStreamPosition(options.committed)
  const schedule = createSchedule(rate)
  let paced = startPace(stream, start, clock)
  let pauseIsOver = false
  for (let next = start; next < end && !stopping.aborted;) {
    const pauseMs = pauseIsOver ? undefined : stream.afterMsAt(next)
    if (pauseMs !== undefined) {
      await clock.sleep(pauseMs, stopping)
      // The rate counts from the end of the pause.
      paced = startPace(stream, next, clock)
      pauseIsOver = true
      continue
    }
    const elapsedMs = clock.monotonicMs() - paced.startedMs
    const due = Math.min(paced.recordsDue(schedule.dueCount(elapsedMs)), next + roundSize, end)
    if (due > next) {
      const roundEnd = endOfRound(stream, next, due)
      await sendRound(options, position, next, roundEnd)
      next = roundEnd
      pauseIsOver = false
    } else await clock.sleep(schedule.pauseMs(paced.unitsBefore(next), elapsedMs), stopping)
  }
}

type Pace = {
  readonly startedMs: number
  /** The end of the records that are due after this many units. */
  readonly recordsDue: (units: number) => number
  /** How many units of this pace precede record `index`. */
  readonly unitsBefore: (index: number) => number
}

const startPace = ({ recordsOf }: Stream, start: number, clock: Clock): Pace => {
  const unitOf = createUnits(recordsOf)
  const firstUnit = unitOf(start)
  return {
    startedMs: clock.monotonicMs(),
    recordsDue: (units) => (Number.isFinite(units) ? recordsOf(firstUnit + units) : Number.POSITIVE_INFINITY),
    unitsBefore: (index) => unitOf(index) - firstUnit,
  }
}

const sendRound = async (
  { stream, write, onRound }: SendStreamOptions,
  position: StreamPosition,
  start: number,
  end: number,
): Promise<void> => {
  const batches = planRound(stream, position, start, end)
  await Promise.all(batches.map((batch) => write(batch, { next: end, confirmed: start })))
  onRound(batches)
}
