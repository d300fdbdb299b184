import type { ConnectedContext } from '../context.js'
import { listMembers, memberToJson } from '../members.js'
import { readPositions } from '../positions.js'
import type { Report } from '../report.js'
import { formatTable } from '@kafka-etl/common'
import { partitionOfSource, planTopology, type Source, type Topology } from '@kafka-etl/pipeline'
import type { GroupDescription, LogRange } from '@kafka-etl/kafka'
import { inputTopics, outputTopics, partitionKey } from '../topics.js'
import { commitOffset } from './commit-offset.js'
import { describeMove, planMove, selectLogs, type OffsetMove, type ResetScope, type ResetTarget } from './plan-reset.js'

export type ResetOptions = { readonly target: ResetTarget; readonly scope: ResetScope }

/** `reset`: reports where the group would continue. */
export const reportResetPlan = async (context: ConnectedContext, options: ResetOptions): Promise<Report> => {
  const moves = await planReset(context, options)
  const group = await context.admin.describeGroup(context.settings.groupId)
  const advice =
    group.members.length === 0
      ? 'Add --execute to do it.'
      : `Before --execute, stop the ETL: ${listMembers(group.members)}.`
  return {
    text: `${formatMoves(moves, options.target)}\nDry run, nothing was changed. ${advice}`,
    json: {
      dryRun: true,
      group: context.settings.groupId,
      members: group.members.map(memberToJson),
      partitions: moves.map(toJson),
    },
    exitCode: 0,
  }
}

/** `reset --execute`: moves the group's offsets, unless it has members. */
export const reportReset = async (context: ConnectedContext, options: ResetOptions): Promise<Report> => {
  const { kafka, admin, settings } = context
  const { groupId } = settings
  const moves = await planReset(context, options)
  assertNoMembers(groupId, await admin.describeGroup(groupId))
  for (const move of moves) await commitOffset(kafka, groupId, move)
  await assertMoved(context, moves)
  return {
    text: `${formatMoves(moves, options.target)}\nThe group ${groupId} will continue there.`,
    json: { dryRun: false, group: groupId, members: [], partitions: moves.map(toJson) },
    exitCode: 0,
  }
}

const planReset = async (
  context: ConnectedContext,
  { target, scope }: ResetOptions,
): Promise<readonly OffsetMove[]> => {
  const { admin, settings, pipeline } = context
  const topics = inputTopics(pipeline)
  const logs = selectLogs(await admin.readLogRanges(topics), scope)
  const positions = await readPositions(admin, settings.groupId, topics)
  const topicIds = await admin.readTopicIds(topics)
  const findOutputs = await createFindOutputs(context)
  const atTime = target.kind === 'time' ? await readOffsetsAt(context, logs, target.epochMs) : new Map<string, bigint>()
  return logs.map((log) => {
    const key = partitionKey(log)
    const known = {
      position: positions.get(key),
      topicId: topicIds.get(log.topic),
      hasOutputs: findOutputs(log),
    }
    return planMove(log, known, target, atTime.get(key))
  })
}

/** Creates the function that says whether an input partition may have outputs or dead letters. */
const createFindOutputs = async ({ admin, pipeline }: ConnectedContext): Promise<(log: LogRange) => boolean> => {
  const { definition, names } = pipeline
  const counts = await admin.readPartitionCounts([...inputTopics(pipeline), ...outputTopics(pipeline)])
  const topology = planTopology(definition, names, counts)
  const written = outputTopics(pipeline).filter((topic) => counts.has(topic))
  const used = (await admin.readLogRanges(written)).filter(({ end }) => end > 0n)
  const keyed = new Set(topology.topics.filter(({ alias }) => definition.topics[alias]?.key).map(({ name }) => name))
  return (log) => {
    const source = topology.sources.find(({ topic }) => topic === log.topic)
    return used.some(({ topic, partition }) =>
      source === undefined || keyed.has(topic)
        ? true
        : partition === outputPartitionOf(topology, source, log, counts.get(topic) ?? 1),
    )
  }
}

/** The partition for a record without its own key. */
const outputPartitionOf = ({ sources }: Topology, { index }: Source, { partition }: LogRange, partitions: number) =>
  partitionOfSource({ index, count: sources.length, partition }, partitions)

/** The offset of each partition's first record from that time on. */
const readOffsetsAt = async (
  { admin }: ConnectedContext,
  logs: readonly LogRange[],
  epochMs: number,
): Promise<ReadonlyMap<string, bigint>> => {
  const offsets = new Map<string, bigint>()
  for (const topic of new Set(logs.map((log) => log.topic))) {
    for (const { partition, offset } of await admin.readOffsetsAtTime(topic, epochMs)) {
      offsets.set(partitionKey({ topic, partition }), offset)
    }
  }
  return offsets
}

const assertNoMembers = (groupId: string, { members }: GroupDescription): void => {
  if (members.length === 0) return
  throw new Error(
    `expected the group ${groupId} to have no member, got ${members.length}: ${listMembers(members)}; stop the ETL first, nothing was changed`,
  )
}

const visibleTimeoutMs = 5_000
const visiblePauseMs = 50

/** Waits: an offset becomes visible only a moment after its transaction was committed. */
const assertMoved = async (context: ConnectedContext, moves: readonly OffsetMove[]): Promise<void> => {
  const { clock, settings } = context
  const deadlineMs = clock.monotonicMs() + visibleTimeoutMs
  for (;;) {
    const unmoved = await findUnmoved(context, moves)
    if (unmoved.length === 0) return
    if (clock.monotonicMs() >= deadlineMs) {
      throw new Error(
        `expected ${unmoved.join('; ')}: somebody else commits for ${settings.groupId}, such as an ETL that has just started`,
      )
    }
    await clock.sleep(visiblePauseMs)
  }
}

const findUnmoved = async (
  { admin, settings }: ConnectedContext,
  moves: readonly OffsetMove[],
): Promise<readonly string[]> => {
  const topics = [...new Set(moves.map(({ topic }) => topic))]
  const positions = await readPositions(admin, settings.groupId, topics)
  return moves.flatMap((move) => {
    const key = partitionKey(move)
    const offset = positions.get(key)?.committed
    return offset === move.target ? [] : [`${key} at ${move.target}, got ${offset ?? 'none'}`]
  })
}

const formatMoves = (moves: readonly OffsetMove[], { kind }: ResetTarget): string => {
  const table = formatTable(
    ['PARTITION', 'COMMITTED', 'NEW', 'MEANS'],
    moves.map((move) => [partitionKey(move), move.committed ?? '-', move.target, describeMove(move)]),
  )
  return kind === 'time' ? `${table}\n${withoutTimestamp}` : table
}

/** Kafka looks up a time by the records' timestamps. */
const withoutTimestamp = 'Records without a timestamp never match a time: those before the new offset are left out.'

const toJson = ({ topic, partition, committed, target }: OffsetMove): unknown => ({
  topic,
  partition,
  committed: committed ?? null,
  target,
})
