import type { LogRange } from '@kafka-etl/kafka'
import type { ConnectedContext } from '../context.js'
import { partitionKey } from '../topics.js'

const settleTimeoutMs = 5_000
const settlePauseMs = 50

/**
 * Reads the ranges of logs after open transactions have ended: a transaction's offsets may be visible a moment before
 * its outputs, since each partition gets its own marker. Waits for what is being written, unless a transaction stays
 * open.
 */
export const readSettledRanges = async (
  { admin, clock }: ConnectedContext,
  topics: readonly string[],
): Promise<readonly LogRange[]> => {
  const deadlineMs = clock.monotonicMs() + settleTimeoutMs
  const ends = new Map((await admin.readLogRanges(topics)).map((log) => [partitionKey(log), log.end]))
  for (;;) {
    const ranges = await admin.readLogRanges(topics)
    const isSettled = ranges.every((log) => log.stableEnd >= (ends.get(partitionKey(log)) ?? 0n))
    if (isSettled || clock.monotonicMs() >= deadlineMs) return ranges
    await clock.sleep(settlePauseMs)
  }
}
