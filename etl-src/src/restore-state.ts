import { createHash } from 'node:crypto'
import { SettingsError } from '@kafka-etl/common'
import type { Kafka, KafkaAdmin, RecordView } from '@kafka-etl/kafka'
import type { AnyDefinition, PartitionState } from '@kafka-etl/pipeline'
import { readCommittedState, type CommittedHeader } from './committed-state.js'
import type { StartPosition } from './judge-position.js'

export type RestoreOptions = {
  readonly kafka: Pick<Kafka, 'readRanges'>
  readonly admin: Pick<KafkaAdmin, 'readLogRanges'>
  readonly groupId: string
  readonly topic: AnyDefinition['topics'][string]
}

type Place = { readonly topic: string; readonly partition: number }

/**
 * What the records before a position led to: as it was committed beside the offset, or by reading them again if somebody
 * has set the position. Throws a {@link SettingsError} if they are gone.
 */
export const restoreState = async (options: RestoreOptions, start: StartPosition): Promise<PartitionState> => {
  const { updates, value } = options.topic
  const needsHeader = value.rows?.startsWithHeader === true
  const needsCommits = updates !== undefined
  if (!needsHeader && !needsCommits) return {}
  const known =
    start.kind === 'committed'
      ? readCommittedState(start.metadata, start.offset)
      : { commits: undefined, hasNoHeader: false, header: undefined }
  const isHeaderKnown = !needsHeader || known.hasNoHeader || known.header !== undefined
  const found =
    isHeaderKnown && (!needsCommits || known.commits !== undefined)
      ? undefined
      : await readBefore(options, start, !isHeaderKnown, needsCommits && known.commits === undefined)
  const format = known.header ? await readHeader(options, start, known.header) : found?.format
  const commits = known.commits ?? found?.commits ?? 0
  return { ...(needsHeader ? { format } : {}), ...(needsCommits ? { commits } : {}) }
}

/** Most headers are the first record, and a chunk more is not worth a second reading. */
const firstOffsets = 1_000n

/** Its position is not the start of what it reads. */
const isBehindRecords = ({ kind }: StartPosition): boolean => kind === 'committed' || kind === 'new at the end'

/** Reads the partition from its start up to the position, as far as it takes. */
const readBefore = async (
  options: RestoreOptions,
  start: StartPosition,
  needsHeader: boolean,
  needsCommits: boolean,
): Promise<Required<PartitionState>> => {
  const { topic, partition, offset } = start
  const logs = await options.admin.readLogRanges([topic])
  const log = logs.find((range) => range.partition === partition)
  const from = log?.start ?? 0n
  const { rows } = options.topic.value
  const endText = options.topic.updates === undefined ? undefined : Buffer.from(options.topic.updates)
  const found: { format: PartitionState['format']; commits: number } = { format: undefined, commits: 0 }
  let isFirst = true
  const note = ({ value, offset: at }: RecordView): void => {
    if (endText && value?.equals(endText) === true) {
      found.commits++
      return
    }
    if (!needsHeader || found.format) return
    found.format = rows?.decode(value, at, undefined).state
    if (isFirst && from > 0n && !found.format) throw missingHeader(start, `the first record that is left is at ${at}`)
    isFirst = false
  }
  // A group that is new begins at the log's start, whose first record has to be the header if others were before it.
  const to = isBehindRecords(start) ? offset : from > 0n ? (log?.stableEnd ?? offset) : from
  const middle = from + firstOffsets < to ? from + firstOffsets : to
  await readRange(options, start, from, middle, note)
  const isDone = !isBehindRecords(start) || (!needsCommits && found.format !== undefined)
  if (!isDone) await readRange(options, start, middle, to, note)
  return isBehindRecords(start) ? found : { ...found, format: undefined, commits: 0 }
}

/** The header of a partition whose names did not fit into the committed metadata. */
const readHeader = async (
  options: RestoreOptions,
  start: StartPosition,
  { columns, offset, sha256 }: CommittedHeader,
): Promise<PartitionState['format']> => {
  if (columns) return { columns, offset, sha256 }
  let format: PartitionState['format']
  await readRange(options, start, offset, offset + 1n, ({ value, offset: at }) => {
    if (value && createHash('sha256').update(value).digest('hex') === sha256) {
      format = options.topic.value.rows?.decode(value, at, undefined).state
    }
  })
  if (format) return format
  throw missingHeader(start, `the record at ${offset} is gone, or another`)
}

const stallMs = 10_000

const readRange = async (
  { kafka, groupId }: RestoreOptions,
  { topic, partition }: Place,
  from: bigint,
  to: bigint,
  onRecord: (record: RecordView) => void,
): Promise<void> => {
  const read = await kafka.readRanges({
    groupPrefix: `${groupId}-header`,
    isolation: 'read_committed',
    ranges: [{ topic, partition, from, to }],
    onRecord: (_range, record) => onRecord(record),
    stallMs,
  })
  if (!read.ok) throw new Error(`${topic} partition ${partition}: expected records from ${from} to ${to}, got no more`)
}

const missingHeader = ({ topic, partition }: Place, why: string): SettingsError =>
  new SettingsError(
    `${topic} partition ${partition}: expected the CSV's header in the first record, but ${why}: make the topic again, with its header first`,
  )
