import type { KafkaAdmin } from '@kafka-etl/kafka'
import type { StartPosition } from './judge-position.js'
import { readStretch, type Stretch, type StretchAdmin } from './read-stretch.js'

export type UpdateStartOptions = {
  readonly admin: Pick<KafkaAdmin, 'readLogRanges'> & StretchAdmin
  /** The value that ends an update of a topic; undefined: the topic has no updates. */
  readonly endTextOf: (topic: string) => string | undefined
}

/**
 * Moves a start at the end of a partition (`ETL_START=latest`) back to where the unfinished update there begins, which
 * makes this update complete when it takes effect.
 */
export const beginWithUpdates = (
  { admin, endTextOf }: UpdateStartOptions,
  starts: readonly StartPosition[],
): Promise<readonly StartPosition[]> =>
  Promise.all(
    starts.map(async (start) => {
      const endText = endTextOf(start.topic)
      if (start.kind !== 'new at the end' || endText === undefined) return start
      const offset = await findUpdateStart(admin, start, Buffer.from(endText))
      return offset === start.offset ? start : { ...start, offset, logEnd: start.offset }
    }),
  )

const offsetsAtOnce = 10_000n

/** The offset after the last record that ends an update; the log's start if there is none. */
const findUpdateStart = async (
  admin: UpdateStartOptions['admin'],
  { topic, partition, offset: end }: StartPosition,
  endText: Buffer,
): Promise<bigint> => {
  const log = (await admin.readLogRanges([topic])).find((range) => range.partition === partition)
  const logStart = log?.start ?? 0n
  for (let to = end; to > logStart;) {
    const from = to - offsetsAtOnce > logStart ? to - offsetsAtOnce : logStart
    const scan = await scanStretch(admin, { topic, partition, from, to }, endText)
    if (scan.endsUpdate !== undefined) {
      // After it there may be offsets without records.
      return to === end && scan.lastRecord === scan.endsUpdate ? end : scan.endsUpdate + 1n
    }
    to = from
  }
  return logStart
}

type Scan = { readonly endsUpdate: bigint | undefined; readonly lastRecord: bigint | undefined }

/** The offsets of the last record, and of the last one that ends an update. */
const scanStretch = async (admin: StretchAdmin, stretch: Stretch, endText: Buffer): Promise<Scan> => {
  const scan: { endsUpdate?: bigint; lastRecord?: bigint } = {}
  await readStretch(admin, stretch, ({ value, offset }) => {
    scan.lastRecord = offset
    if (value?.equals(endText) === true) scan.endsUpdate = offset
  })
  return { endsUpdate: scan.endsUpdate, lastRecord: scan.lastRecord }
}
