import {
  noMetadata,
  parseCommittedMetadata,
  type CommittedMetadata,
  type CommittedOffset,
  type LogRange,
} from '@kafka-etl/kafka'

/** Where the ETL continues in an input partition, and which metadata it commits with its offsets from there on. */
export type StartPosition = {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  readonly metadata: CommittedMetadata
  /** Whether this is simply the group's committed offset, and if not, why. */
  readonly kind: 'committed' | 'new to the group' | 'new at the end' | 'made again'
  /**
   * The end of the log, for a partition that is new at the end but begins earlier, with an update that is unfinished
   * there.
   */
  readonly logEnd?: bigint | undefined
}

/** Where to begin a partition in which the group has committed nothing. */
export type Beginning = 'earliest' | 'latest'

/** The committed offset is not in the log; `fault` says what to do. */
export type Outside = { readonly kind: 'outside'; readonly fault: string }

/** The facts that determine the position in an input partition. */
export type PositionFacts = {
  readonly groupId: string
  readonly pipeline: string
  readonly beginning?: Beginning
  /** The topic's current id (KIP-516); undefined if the broker has none. */
  readonly topicId: string | undefined
  readonly committed: CommittedOffset
  readonly log: Pick<LogRange, 'start' | 'stableEnd' | 'end'>
  /** Whether any partition that may contain its outputs has ever been written to, by any input. */
  readonly hasOutputs: boolean
  /** The metadata committed with the offsets of the topic's partitions. */
  readonly siblings?: readonly CommittedMetadata[]
  /** What this process read for the partition when it started. */
  readonly earlier?: StartPosition | undefined
}

/**
 * The group's committed offset, if it belongs to the topic that exists now; otherwise the start of the log. Only
 * Kafka's own answer "none" counts as none, because starting over from the log's start writes every output a second
 * time.
 *
 * Outputs are marked with the topic's id if earlier ones may have the same coordinates: those of a topic that was
 * deleted and recreated. The broker forgets a deleted topic's offsets, unless a transaction commits one late. What is
 * already known about the same topic counts more than outputs, which other inputs may have made.
 */
export const judgePosition = (facts: PositionFacts): StartPosition | Outside => {
  const { groupId, pipeline, topicId, committed, log } = facts
  const { topic, partition } = committed
  if (committed.offset === undefined) {
    const isMarked = topicId !== undefined && (findKnownMark(facts, topicId) ?? facts.hasOutputs)
    const metadata = { ...noMetadata, topicId, isMarked, pipeline }
    return { topic, partition, metadata, ...beginningOf(facts) }
  }
  const known = parseCommittedMetadata(committed.metadata)
  if (known.topicId !== undefined && topicId !== undefined && known.topicId !== topicId) {
    return {
      topic,
      partition,
      offset: log.start,
      metadata: { ...known, topicId, isMarked: true, pipeline },
      kind: 'made again',
    }
  }
  const fault = outsideOfLog(groupId, committed, committed.offset, log)
  if (fault !== undefined) return { kind: 'outside', fault }
  const metadata = { ...known, topicId: topicId ?? known.topicId, pipeline }
  return { topic, partition, offset: committed.offset, metadata, kind: 'committed' }
}

/** A partition that begins at its end begins where it ended when this process started: later records are read. */
const beginningOf = ({
  beginning,
  topicId,
  log,
  earlier,
}: PositionFacts): Pick<StartPosition, 'offset' | 'kind' | 'logEnd'> => {
  if (beginning === 'latest') return { offset: log.stableEnd, kind: 'new at the end' }
  const isKnown = earlier?.kind === 'new at the end' && earlier.metadata.topicId === topicId
  if (isKnown && earlier.offset >= log.start && earlier.offset <= log.end) {
    return { offset: earlier.offset, kind: 'new at the end', logEnd: earlier.logEnd }
  }
  return { offset: log.start, kind: 'new to the group' }
}

const findKnownMark = ({ siblings = [], earlier }: PositionFacts, topicId: string): boolean | undefined =>
  [...siblings, ...(earlier ? [earlier.metadata] : [])].find((metadata) => metadata.topicId === topicId)?.isMarked

const outsideOfLog = (
  groupId: string,
  { topic, partition }: CommittedOffset,
  offset: bigint,
  { start, end }: PositionFacts['log'],
): string | undefined => {
  const where = `${topic} partition ${partition}`
  const remedy = (command: string): string =>
    `stop every ETL of the group ${groupId} and type \`npm run admin -- reset ${command}\``
  if (offset > end) {
    return `${where}: expected the committed offset ${offset} in the log, which ends at ${end}: records were lost, or the topic was recreated; ${remedy('--to-earliest')}`
  }
  if (offset < start) {
    return `${where}: expected to continue at offset ${offset}, but retention has deleted the ${start - offset} offsets from ${offset} to ${start - 1n} before they were read; to continue after them, ${remedy('--to-earliest')}`
  }
  return undefined
}
