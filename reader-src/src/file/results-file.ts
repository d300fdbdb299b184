import { crc32 } from 'node:zlib'
import { serialize } from '@kafka-etl/common'
import type { Disk, FileState, OpenFile } from './disk.js'
import { positionsName, resultsName } from './file-positions.js'
import { savePositions } from './positions-file.js'
import { tailBytes, type PartitionPosition, type Positions } from './file-positions.js'
import { untilSpace, writeFully, type WaitForSpace } from './full-disk.js'

/** results.csv and its positions, which always change together. */
export type ResultsFile = {
  /** What is safe on disk. */
  readonly positions: () => Positions
  /**
   * Appends whole rows and moves partitions on. When it resolves, both survive a loss of power; when it rejects,
   * nothing more is written, and the next start cuts off what the positions do not know. Calls queue up.
   */
  readonly append: (rows: Buffer, moved: Moved) => Promise<void>
  /** Saves positions that moved without rows, such as over commit markers; those that are saved already, or further on, stay. */
  readonly advance: (partitions: ReadonlyMap<number, PartitionPosition>) => Promise<void>
  /** Keeps the id of the topic that the rows come from. */
  readonly keepTopicId: (topicId: string) => Promise<void>
  readonly close: () => Promise<void>
}

/** How many rows are appended, and where the partitions stand behind them. */
export type Moved = {
  readonly rowCount: number
  readonly partitions: ReadonlyMap<number, PartitionPosition>
  readonly topicId?: string
}

/** What recovery found: the open file, and what it knows to be good. */
export type RecoveredFile = {
  readonly file: OpenFile
  readonly positions: Positions
  readonly positionsState: FileState
  /** The last bytes of the good part, at most {@link tailBytes}. */
  readonly tail: Buffer
}

/** Rows first, then their positions: Flink's order for exactly-once files, with a checkpoint for every batch. */
export const createResultsFile = async (
  disk: Disk,
  recovered: RecoveredFile,
  waitForSpace: WaitForSpace,
): Promise<ResultsFile> => {
  const { file } = recovered
  let { positions, positionsState, tail } = recovered
  const inTurn = serialize()
  let failure: Error | undefined
  const { identity } = await file.state()

  const writeRows = async (rows: Buffer): Promise<void> => {
    try {
      await writeFully(file, rows, positions.length)
      // A failed sync may have dropped the pages: what follows a failure is written again from its start.
      await file.sync()
    } catch (error) {
      await file.truncate(positions.length)
      throw error
    }
  }

  const append = async (rows: Buffer, moved: Moved): Promise<void> => {
    if (failure) throw failure
    try {
      await expectUntouched(disk, { identity, length: positions.length, positionsState })
      if (rows.length > 0) await untilSpace(() => writeRows(rows), waitForSpace)
      const nextTail = lastBytes(tail, rows)
      const next = {
        ...positions,
        length: positions.length + rows.length,
        rows: positions.rows + moved.rowCount,
        tailCrc32: crc32(nextTail),
        partitions: new Map([...positions.partitions, ...moved.partitions]),
        ...(moved.topicId === undefined ? {} : { topicId: moved.topicId }),
      }
      positionsState = await untilSpace(() => savePositions(disk, next), waitForSpace)
      positions = next
      tail = nextTail
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error))
      throw failure
    }
  }

  return {
    positions: () => positions,
    append: (rows, moved) => inTurn(() => append(rows, moved)),
    advance: (partitions) =>
      inTurn(async () => {
        const ahead = [...partitions].filter(([id, { next }]) => next > (positions.partitions.get(id)?.next ?? -1))
        if (ahead.length > 0) await append(Buffer.alloc(0), { rowCount: 0, partitions: new Map(ahead) })
      }),
    keepTopicId: async (topicId) => {
      if (positions.topicId === topicId) return
      await inTurn(() => append(Buffer.alloc(0), { rowCount: 0, partitions: new Map(), topicId }))
    },
    close: () => inTurn(() => file.close()),
  }
}

const lastBytes = (tail: Buffer, rows: Buffer): Buffer =>
  Buffer.from(rows.length >= tailBytes ? rows.subarray(-tailBytes) : Buffer.concat([tail, rows]).subarray(-tailBytes))

type Expected = { readonly identity: string; readonly length: number; readonly positionsState: FileState }

/** The lock keeps a second reader out on this machine; this finds everybody else who writes. */
const expectUntouched = async (disk: Disk, { identity, length, positionsState }: Expected): Promise<void> => {
  const csv = await disk.state(resultsName)
  if (csv?.identity !== identity || csv.size !== length) {
    const found = csv === undefined ? 'none' : csv.identity === identity ? `${csv.size} bytes` : 'another file'
    throw new Error(
      `${resultsName}: expected the file that this reader writes, ${length} bytes long, got ${found}: somebody else changed it while the reader was running`,
    )
  }
  const positions = await disk.state(positionsName)
  if (positions?.identity !== positionsState.identity || positions.modifiedNs !== positionsState.modifiedNs) {
    throw new Error(
      `${positionsName}: expected the file that this reader wrote, got ${positions === undefined ? 'none' : 'another'}: another reader uses the same RESULTS_DIR, or somebody changed the file`,
    )
  }
}
