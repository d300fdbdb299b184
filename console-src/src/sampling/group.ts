import type { LogRange } from '@kafka-etl/kafka'
import type { KafkaReader } from '../kafka-link.js'
import type { GroupState } from '../protocol.js'
import { countFrom } from './tally.js'
import type { TopicSampler } from './topic-sampler.js'

/** How far the pipeline's group is behind in the topics that it reads. */
export const askGroup = async (
  reader: KafkaReader,
  sampler: Pick<TopicSampler, 'tallyOf'>,
  { groupId, logs, nowMs }: { readonly groupId: string; readonly logs: readonly LogRange[]; readonly nowMs: number },
): Promise<GroupState> => {
  const topics = [...new Set(logs.map(({ topic }) => topic))]
  const [{ state, members }, committed] = await Promise.all([
    reader.describeGroup(groupId),
    topics.length === 0 ? [] : reader.readCommittedOffsets({ groupId, topics }),
  ])
  const lag: Record<string, number> = Object.fromEntries(topics.map((topic) => [topic, 0]))
  let oldestMs: number | undefined
  for (const log of logs) {
    const tally = sampler.tallyOf(log)
    if (!tally) continue
    const found = committed.find(({ topic, partition }) => topic === log.topic && partition === log.partition)
    const offset = found?.offset ?? log.start
    const waiting = countFrom(tally, log, offset)
    lag[log.topic] = (lag[log.topic] ?? 0) + waiting
    const since = waiting > 0 ? tally.counter.timestampAt(Number(offset)) : undefined
    if (since !== undefined) oldestMs = Math.min(oldestMs ?? since, since)
  }
  const lagSeconds = oldestMs === undefined ? 0 : Math.max(0, nowMs - oldestMs) / 1_000
  return { id: groupId, state, members: members.length, lag, lagSeconds }
}
