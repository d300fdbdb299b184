import { createHash } from 'node:crypto'
import { SettingsError, type Logger } from '@kafka-etl/common'
import type { KafkaAdmin, RecordView } from '@kafka-etl/kafka'
import type { AnyDefinition, PartitionState } from '@kafka-etl/pipeline'
import { readCommittedState, type CommittedHeader, type CommittedState } from './committed-state.js'
import type { StartPosition } from './judge-position.js'
import { readStretch, type StretchAdmin } from './read-stretch.js'

export type RestoreOptions = {
  readonly admin: Pick<KafkaAdmin, 'readLogRanges'> & StretchAdmin
  readonly logger: Logger
  readonly topic: AnyDefinition['topics'][string]
}

/**
 * The state after the records before a position: from the metadata of the committed offset or, if somebody has set the
 * position, by reading the records again. Throws a {@link SettingsError} if the header of a CSV is gone.
 */
export const restoreState = async (options: RestoreOptions, start: StartPosition): Promise<PartitionState> => {
  const { updates, value } = options.topic
  const needsHeader = value.rows?.startsWithHeader === true
  const needsCommits = updates !== undefined
  if (!needsHeader && !needsCommits) return {}
  const known = start.kind === 'committed' ? readCommittedState(start.metadata, start.offset) : nothingKnown
  const format = needsHeader ? await findHeader(options, start, known) : undefined
  const commits = needsCommits ? await countCommits(options, start, known) : undefined
  return { ...(needsHeader ? { format } : {}), ...(commits === undefined ? {} : { commits }) }
}

const nothingKnown: CommittedState = { commits: undefined, hasNoHeader: false, header: undefined }

/** Whether its position is not the start of what it reads. */
const isBehindRecords = ({ kind }: StartPosition): boolean => kind === 'committed' || kind === 'new at the end'

const findHeader = async (
  options: RestoreOptions,
  start: StartPosition,
  { header, hasNoHeader }: CommittedState,
): Promise<PartitionState['format']> => {
  if (hasNoHeader) return undefined
  return header ? readKnownHeader(options, start, header) : searchHeader(options, start)
}

/** Reads the header of a partition again if its names did not fit into the committed metadata. */
const readKnownHeader = async (
  { admin, topic }: RestoreOptions,
  start: StartPosition,
  { columns, offset, sha256 }: CommittedHeader,
): Promise<PartitionState['format']> => {
  if (columns) return { columns, offset, sha256 }
  let format: PartitionState['format']
  const isLeft = (await readLog(admin, start)).start <= offset
  if (isLeft) {
    await readStretch(admin, { ...placeOf(start), from: offset, to: offset + 1n }, ({ value, offset: at }) => {
      if (value && createHash('sha256').update(value).digest('hex') === sha256) {
        format = topic.value.rows?.decode(value, at, undefined).state
      }
    })
  }
  if (format) return format
  throw missingHeader(start, `the record at offset ${offset} is gone, or was replaced`)
}

/** In most partitions, the header is the first record. */
const pageOffsets = 1_000n

/** Reads the partition from its start up to the position, until it finds the header. */
const searchHeader = async (options: RestoreOptions, start: StartPosition): Promise<PartitionState['format']> => {
  const { admin, topic } = options
  const log = await readLog(admin, start)
  const endText = endTextOf(topic)
  let format: PartitionState['format']
  let isFirst = true
  const note = ({ value, offset }: RecordView): void => {
    if (format || (endText && value?.equals(endText) === true)) return
    format = topic.value.rows?.decode(value, offset, undefined).state
    if (isFirst && log.start > 0n && !format)
      throw missingHeader(start, `the first remaining record is at offset ${offset}`)
    isFirst = false
  }
  if (!isBehindRecords(start)) {
    // A new group begins at the log's start. If there were records before it, the first one has to be the header.
    const to = log.start > 0n ? smaller(log.start + pageOffsets, log.stableEnd) : log.start
    await readStretch(admin, { ...placeOf(start), from: log.start, to }, note)
    return undefined
  }
  for (let from = log.start; from < start.offset && !format; from += pageOffsets) {
    await readStretch(admin, { ...placeOf(start), from, to: smaller(from + pageOffsets, start.offset) }, note)
  }
  return format
}

/** Counts from the last committed number, or from the log's start if none is known. */
const countCommits = async (
  { admin, logger, topic }: RestoreOptions,
  start: StartPosition,
  { commits }: CommittedState,
): Promise<number> => {
  if (!isBehindRecords(start)) return 0
  if (commits?.offset === start.offset) return commits.count
  const log = await readLog(admin, start)
  const isUsable = commits !== undefined && commits.offset >= log.start && commits.offset <= log.stableEnd
  const known = isUsable ? commits : { count: 0, offset: log.start }
  if (!isUsable && log.start > 0n) {
    logger.warn(
      `${start.topic} partition ${start.partition}: the number of updates before offset ${log.start}, where the log starts now, is unknown: counting from there`,
    )
  }
  const endText = endTextOf(topic)
  const [from, to] = known.offset < start.offset ? [known.offset, start.offset] : [start.offset, known.offset]
  let between = 0
  await readStretch(admin, { ...placeOf(start), from, to }, ({ value }) => {
    if (endText && value?.equals(endText) === true) between++
  })
  return known.offset < start.offset ? known.count + between : Math.max(0, known.count - between)
}

const placeOf = ({ topic, partition }: StartPosition) => ({ topic, partition })

const endTextOf = ({ updates }: RestoreOptions['topic']): Buffer | undefined =>
  updates === undefined ? undefined : Buffer.from(updates)

const readLog = async (admin: RestoreOptions['admin'], { topic, partition }: StartPosition) => {
  const log = (await admin.readLogRanges([topic])).find((range) => range.partition === partition)
  if (!log) throw new Error(`expected ${topic} to have partition ${partition}, found none`)
  return log
}

const smaller = (one: bigint, other: bigint): bigint => (one < other ? one : other)

const missingHeader = ({ topic, partition }: StartPosition, why: string): SettingsError =>
  new SettingsError(
    `${topic} partition ${partition}: expected the CSV's header in the first record, but ${why}: recreate the topic, with its header first`,
  )
