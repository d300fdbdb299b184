import type { CommittedMetadata, LogRange } from '@kafka-etl/kafka'
import type { PartitionState } from '@kafka-etl/pipeline'
import type { ConnectedContext } from '../context.js'
import type { CommittedPosition } from '../positions.js'
import { readAll } from '../read-all.js'
import { inputUpdates, partitionKey } from '../topics.js'

/**
 * The state after the records that retention deleted, by `topic/partition`: the header of a CSV and the number of
 * updates, which are committed with the offset. If nothing was deleted, the records themselves give the state.
 */
export const readStatesAtStart = async (
  context: ConnectedContext,
  logs: readonly LogRange[],
  positions: ReadonlyMap<string, CommittedPosition>,
): Promise<ReadonlyMap<string, PartitionState>> => {
  const cut = logs.flatMap((log) => {
    const position = positions.get(partitionKey(log))
    return log.start > 0n && position?.offset !== undefined ? [{ log, ...position, offset: position.offset }] : []
  })
  const updates = inputUpdates(context.pipeline)
  const counted = cut.flatMap(({ log: { topic, partition, start }, offset, metadata }) => {
    const endText = updates.get(topic)
    const commits = commitsAt(metadata, offset)
    return endText && commits !== undefined ? [{ topic, partition, from: start, to: offset, endText, commits }] : []
  })
  await readAll(context, counted, (range, { value }) => {
    if (value?.equals(range.endText) === true) range.commits--
  })
  return new Map(
    cut.map(({ log, metadata }) => {
      const format = readHeader(metadata)
      const commits = counted.find((range) => partitionKey(range) === partitionKey(log))?.commits
      const state = { ...(format ? { format } : {}), ...(commits === undefined ? {} : { commits }) }
      return [partitionKey(log), state] as const
    }),
  )
}

const commitsAt = ({ others: { commits, commitsAt } }: CommittedMetadata, offset: bigint): number | undefined =>
  typeof commits === 'number' && commitsAt === String(offset) ? commits : undefined

const readHeader = ({ others: { header } }: CommittedMetadata): PartitionState['format'] => {
  if (typeof header !== 'object' || header === null || !('columns' in header) || !Array.isArray(header.columns)) {
    return undefined
  }
  return { columns: header.columns.map(String), offset: -1n, sha256: '' }
}
