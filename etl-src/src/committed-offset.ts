import { retry, SettingsError, type Clock } from '@kafka-etl/common'
import {
  parseCommittedMetadata,
  type CommittedOffset,
  type CommittedOffsetsQuery,
  type KafkaAdmin,
  type LogRange,
} from '@kafka-etl/kafka'
import { judgePosition, type Beginning, type StartPosition } from './judge-position.js'
import type { OutputPlace, Route } from './route.js'

type PositionAdmin = Pick<KafkaAdmin, 'readCommittedOffsets' | 'readLogRanges' | 'readTopicIds'>

export type PositionQuery = {
  readonly admin: PositionAdmin
  readonly clock: Clock
  readonly groupId: string
  /** The pipeline's name, which is committed with the offsets. */
  readonly pipeline: string
  readonly route: Route
  /** Positions that were read before this process wrote an output. */
  readonly earlier?: readonly StartPosition[]
}

/**
 * Where the ETL continues in an input partition. Call it after the sink's init, which settles what earlier writers left
 * open. Throws a {@link SettingsError} if the group's offset is outside the log, which no restart fixes.
 */
export const readPosition = async (query: PositionQuery): Promise<StartPosition> => {
  const { admin, clock, groupId, pipeline, route, earlier = [] } = query
  const stable: PositionAdmin = {
    ...admin,
    readCommittedOffsets: (query) => readStableOffsets(admin, query, clock),
  }
  const [position] = await readPositions({ admin: stable, groupId, pipeline, routes: [route], earlier })
  if (position === undefined) throw new Error(`expected a position in ${route.topic}, got none`)
  return position
}

/** The same for several partitions, from what is committed now; transactions may still be open. */
export const readPositions = async ({
  admin,
  groupId,
  pipeline,
  routes,
  beginning = 'earliest',
  earlier = [],
}: {
  readonly admin: PositionAdmin
  readonly groupId: string
  readonly pipeline: string
  readonly routes: readonly Route[]
  /** Applies to partitions that exist now; partitions that are added later are read from their start. */
  readonly beginning?: Beginning
  readonly earlier?: readonly StartPosition[]
}): Promise<readonly StartPosition[]> => {
  const inputs = [...new Set(routes.map(({ topic }) => topic))]
  const outputs = [...new Set(routes.flatMap((route) => route.outputs.map(({ topic }) => topic)))]
  // Read the ids first: if a topic is recreated meanwhile, the next transaction sees that the id has changed.
  const topicIds = await admin.readTopicIds(inputs)
  // Read outputs before offsets: an instance that has written an output has committed an offset before it.
  const written = await admin.readLogRanges(outputs)
  const offsets = await admin.readCommittedOffsets({ groupId, topics: inputs })
  const logs = await admin.readLogRanges(inputs)
  const judged = routes.map(({ topic, partition, outputs: places }) =>
    judgePosition({
      groupId,
      pipeline,
      beginning,
      topicId: topicIds.get(topic),
      committed: findOffset(offsets, groupId, topic, partition),
      log: findLog(logs, topic, partition),
      hasOutputs: places.some((place) => isWritten(written, place)),
      siblings: offsets
        .filter((entry) => entry.topic === topic && entry.offset !== undefined)
        .map(({ metadata }) => parseCommittedMetadata(metadata)),
      earlier: earlier.find((start) => start.topic === topic && start.partition === partition),
    }),
  )
  return Promise.all(
    judged.map(async (position, index) => {
      if (position.kind !== 'outside') return position
      const topic = routes[index]?.topic ?? ''
      const isSame = (await admin.readTopicIds([topic])).get(topic) === topicIds.get(topic)
      throw isSame ? new SettingsError(position.fault) : new Error(`${topic} was deleted and recreated just now`)
    }),
  )
}

const findOffset = (
  offsets: readonly CommittedOffset[],
  groupId: string,
  topic: string,
  partition: number,
): CommittedOffset => {
  const committed = offsets.find((entry) => entry.topic === topic && entry.partition === partition)
  if (committed !== undefined) return committed
  throw new Error(
    `expected the offset of group ${groupId} in ${topic} partition ${partition}, got an answer without it`,
  )
}

const findLog = (logs: readonly LogRange[], topic: string, partition: number): LogRange => {
  const log = logs.find((range) => range.topic === topic && range.partition === partition)
  if (log === undefined) throw new Error(`expected ${topic} to have partition ${partition}, found none`)
  return log
}

const isWritten = (logs: readonly LogRange[], { topic, partition }: OutputPlace): boolean =>
  logs.some((log) => log.topic === topic && (partition === undefined || log.partition === partition) && log.end > 0n)

const pendingPauseMs = 5
const pendingTimeoutMs = 2_000

/**
 * Waits while offsets are pending. The offset of a transaction that has ended reaches the group a moment later
 * (KIP-447); using the previous offset would write the transaction's outputs a second time.
 */
const readStableOffsets = (
  admin: PositionAdmin,
  query: CommittedOffsetsQuery,
  clock: Clock,
): Promise<readonly CommittedOffset[]> =>
  retry(
    () => admin.readCommittedOffsets({ ...query, requireStable: true }),
    {
      firstPauseMs: pendingPauseMs,
      longestPauseMs: pendingPauseMs,
      timeoutMs: pendingTimeoutMs,
      isRetriable: isPending,
    },
    clock,
  )

const isPending = (error: unknown): boolean =>
  error instanceof Error && 'type' in error && error.type === 'UNSTABLE_OFFSET_COMMIT'
