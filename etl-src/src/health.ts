import { ageOfLag, longestSilenceMs, type Health } from '@kafka-etl/common'

/** What is known about an assigned input partition. Offsets include control records. */
type PartitionHealth = {
  /** Everything before this offset is committed. */
  position: bigint | undefined
  /** The log's end in Kafka's last answer, and in its first one, up to which the start has to catch up. */
  end: bigint | undefined
  firstEnd: bigint | undefined
  /** When the position last moved, or the lag was last 0. */
  movedAtMs: number
  /** When the partition was assigned. */
  readonly watchedSinceMs: number
  /** When Kafka last answered with the end, and when the position was last seen there. */
  endedAtMs: number | undefined
  drainedAtMs: number | undefined
  /** Kafka's timestamp of the last handled record, in epoch ms. */
  lastRecordAtMs: number | undefined
}

export type PartitionLag = {
  readonly topic: string
  readonly partition: number
  readonly records: number
  readonly seconds: number
}

/**
 * How far each assigned partition has come, for liveness, readiness and lag. All times come in as arguments: `nowMs` is
 * monotonic, `wallMs` is epoch milliseconds.
 */
export type EtlHealth = {
  readonly assigned: (
    partitions: readonly { readonly topic: string; readonly partition: number }[],
    nowMs: number,
  ) => void
  readonly moved: (topic: string, partition: number, position: bigint, nowMs: number, lastRecordAtMs?: number) => void
  /**
   * The group's committed offset. If the log of a partition was at its end on assignment, nothing else is known of it.
   */
  readonly committed: (topic: string, partition: number, position: bigint) => void
  readonly ended: (topic: string, partition: number, end: bigint, nowMs: number) => void
  readonly isAssigned: (topic: string, partition: number) => boolean
  /**
   * What prevents inputs from being read without a fault of this instance; undefined: nothing. If set, the instance is
   * not ready.
   */
  readonly noticed: (hindrance: string | undefined) => void
  /** For how long Kafka has not answered; it is asked every four seconds. */
  readonly silentMs: (nowMs: number) => number
  readonly liveness: (nowMs: number, stallMs: number) => Health
  readonly readiness: (nowMs: number) => Health
  readonly lags: (wallMs: number, nowMs: number) => readonly PartitionLag[]
}

const keyOf = (topic: string, partition: number): string => `${topic}/${partition}`

export const createEtlHealth = (startedMs: number): EtlHealth => {
  let partitions = new Map<string, PartitionHealth>()
  let hasJoined = false
  let contactAtMs = startedMs
  let hindrance: string | undefined

  const isBehind = ({ position, end }: PartitionHealth): boolean =>
    end !== undefined && end > 0n && (position === undefined || position < end)

  const isCaughtUp = ({ position, firstEnd }: PartitionHealth): boolean =>
    firstEnd !== undefined && (firstEnd === 0n || (position !== undefined && position >= firstEnd))

  const silentMsAt = (nowMs: number): number => nowMs - contactAtMs

  const liveness = (nowMs: number, stallMs: number): Health => {
    const silentMs = silentMsAt(nowMs)
    if (silentMs > stallMs) {
      return {
        ok: false,
        reason: `no answer from Kafka for ${seconds(silentMs)} s${hasJoined ? '' : ', and never joined the group'}`,
      }
    }
    for (const [key, partition] of partitions) {
      const idleMs = nowMs - partition.movedAtMs
      if (isBehind(partition) && idleMs > stallMs) {
        return {
          ok: false,
          reason: `${key} has lag, and its offset ${partition.position ?? '(none)'} has not moved for ${seconds(idleMs)} s`,
        }
      }
    }
    return { ok: true }
  }

  const readiness = (nowMs: number): Health => {
    if (!hasJoined) return { ok: false, reason: 'has not joined the consumer group yet' }
    const silentMs = silentMsAt(nowMs)
    if (silentMs > longestSilenceMs) return { ok: false, reason: `no answer from Kafka for ${seconds(silentMs)} s` }
    for (const [key, partition] of partitions) {
      if (!isCaughtUp(partition))
        return { ok: false, reason: `${key} has not caught up with where its log ended when the ETL started` }
    }
    return hindrance === undefined ? { ok: true } : { ok: false, reason: hindrance }
  }

  return {
    assigned: (assigned, nowMs) => {
      const before = partitions
      partitions = new Map(
        assigned.map(({ topic, partition }) => {
          const known = before.get(keyOf(topic, partition))
          const fresh = {
            position: undefined,
            end: undefined,
            firstEnd: undefined,
            movedAtMs: nowMs,
            watchedSinceMs: nowMs,
            endedAtMs: undefined,
            drainedAtMs: undefined,
            lastRecordAtMs: undefined,
          }
          // Partitions that were assigned before keep waiting: a group that only rebalances makes no progress.
          return [keyOf(topic, partition), known ?? fresh]
        }),
      )
      hasJoined = true
      contactAtMs = nowMs
    },
    moved: (topic, partition, position, nowMs, lastRecordAtMs) => {
      contactAtMs = nowMs
      const known = partitions.get(keyOf(topic, partition))
      if (!known) return
      known.position = position
      known.movedAtMs = nowMs
      known.lastRecordAtMs = lastRecordAtMs ?? known.lastRecordAtMs
      if (!isBehind(known)) known.drainedAtMs = known.endedAtMs
    },
    committed: (topic, partition, position) => {
      const known = partitions.get(keyOf(topic, partition))
      if (known && position > (known.position ?? -1n)) known.position = position
    },
    ended: (topic, partition, end, nowMs) => {
      contactAtMs = nowMs
      const known = partitions.get(keyOf(topic, partition))
      if (!known) return
      if (!isBehind(known)) known.movedAtMs = nowMs
      known.end = end
      known.firstEnd ??= end
      known.endedAtMs = nowMs
      if (!isBehind(known)) known.drainedAtMs = nowMs
    },
    isAssigned: (topic, partition) => partitions.has(keyOf(topic, partition)),
    noticed: (reason) => {
      hindrance = reason
    },
    silentMs: silentMsAt,
    liveness,
    readiness,
    lags: (epochMs, monotonicMs) =>
      [...partitions].map(([key, partition]) => lagOf(key, partition, { epochMs, monotonicMs })),
  }
}

const seconds = (ms: number): number => Math.round(ms / 1000)

const lagOf = (
  key: string,
  known: PartitionHealth,
  now: { readonly epochMs: number; readonly monotonicMs: number },
): PartitionLag => {
  const [topic = '', partition = ''] = key.split('/')
  const { position, end } = known
  const records = end === undefined ? 0 : Math.max(0, Number(end - (position ?? 0n)))
  return { topic, partition: Number(partition), records, seconds: records === 0 ? 0 : ageOfLag(known, now) }
}
