import { crc32 } from 'node:zlib'
import { serialize } from '@kafka-etl/common'
import type { ResultFiles } from '@kafka-etl/pipeline'
import type { Disk, FileState, OpenFile } from './disk.js'
import { tailBytes, type PartitionPosition, type Positions } from './file-positions.js'
import { untilSpace, writeFully, type WaitForSpace } from './full-disk.js'
import { savePositions } from './positions-file.js'
import { createSetAsideRemoval, type SetAside } from './set-aside.js'
import { expectUntouched } from './untouched.js'

/** A result's CSV file and its positions, which always change together. */
export type ResultsFile = {
  /** The positions that are safely on disk. */
  readonly positions: () => Positions
  /**
   * Appends complete rows and moves partitions on. Once it resolves, both survive a power failure. If it rejects,
   * nothing more is written, and the next start moves bytes that the positions do not cover to another file. Calls are
   * queued.
   */
  readonly append: (rows: Buffer, moved: Moved) => Promise<void>
  /**
   * Saves positions that moved without rows, such as past commit markers. Positions that are saved already, or further
   * on, stay.
   */
  readonly advance: (partitions: ReadonlyMap<number, PartitionPosition>) => Promise<void>
  /** Stores the id of the topic of the rows. */
  readonly keepTopicId: (topicId: string) => Promise<void>
  /**
   * Gives the CSV file this name, and begins a new one. Each row stays in one of the two, whatever happens meanwhile.
   */
  readonly rotate: (name: string) => Promise<void>
  readonly close: () => Promise<void>
}

/** How many rows were appended, and the positions of the partitions after them. */
export type Moved = {
  readonly rowCount: number
  readonly partitions: ReadonlyMap<number, PartitionPosition>
}

/** The result of the recovery: the open file and its valid part. */
export type RecoveredFile = {
  readonly files: ResultFiles
  /** The first line. */
  readonly header: string
  readonly file: OpenFile
  readonly positions: Positions
  readonly positionsState: FileState
  /** The last bytes of the valid part, at most {@link tailBytes}. */
  readonly tail: Buffer
  readonly setAside: SetAside | undefined
}

/** The positions of an empty file. */
export const nothingWritten = { length: 0, rows: 0, tailCrc32: crc32(''), isClosed: false }

/** Writes rows first, then their positions: Flink's order for exactly-once files, with a checkpoint for every batch. */
export const createResultsFile = async (
  disk: Disk,
  recovered: RecoveredFile,
  waitForSpace: WaitForSpace,
): Promise<ResultsFile> => {
  const { files, header } = recovered
  let { file, positions, positionsState, tail } = recovered
  let { identity } = await file.state()
  let failure: Error | undefined
  const inTurn = serialize()
  const forgetSetAside = createSetAsideRemoval(disk, recovered.setAside)

  /** Writes nothing after a failure: the next start determines what is on the disk. */
  const whileUntouched = (task: () => Promise<void>): Promise<void> =>
    inTurn(async () => {
      if (failure) throw failure
      try {
        await expectUntouched(disk, { files, identity, length: positions.length, positionsState })
        await task()
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error))
        throw failure
      }
    })

  const save = async (next: Positions): Promise<void> => {
    positionsState = await untilSpace(() => savePositions(disk, files, next), waitForSpace)
    positions = next
  }

  const writeRows = async (rows: Buffer): Promise<void> => {
    try {
      await writeFully(file, rows, positions.length)
      // A failed sync may have dropped pages: after a failure, everything is written again from its start.
      await file.sync()
    } catch (error) {
      await file.truncate(positions.length)
      throw error
    }
  }

  const append = async (rows: Buffer, moved: Moved): Promise<void> => {
    if (rows.length > 0) await untilSpace(() => writeRows(rows), waitForSpace)
    const nextTail = lastBytes(tail, rows)
    await save({
      ...positions,
      length: positions.length + rows.length,
      rows: positions.rows + moved.rowCount,
      tailCrc32: crc32(nextTail),
      partitions: new Map([...positions.partitions, ...moved.partitions]),
    })
    tail = nextTail
    for (const partition of moved.partitions.keys()) await forgetSetAside(partition, rows)
  }

  const rotate = async (name: string): Promise<void> => {
    await save({ ...positions, rotatingTo: name })
    await disk.rename(files.csv, name)
    await disk.syncFolder()
    await save(afterRotation(positions))
    await file.close()
    file = await disk.open(files.csv)
    identity = (await file.state()).identity
    tail = Buffer.alloc(0)
    await disk.syncFolder()
    await append(Buffer.from(header), { rowCount: 0, partitions: new Map() })
  }

  return {
    positions: () => positions,
    append: (rows, moved) => whileUntouched(() => append(rows, moved)),
    advance: async (partitions) => {
      const findAhead = () =>
        [...partitions].filter(([id, { next }]) => next > (positions.partitions.get(id)?.next ?? -1))
      if (findAhead().length === 0) return
      // Earlier tasks in the queue may have moved them further.
      await whileUntouched(async () => {
        const ahead = findAhead()
        if (ahead.length > 0) await save({ ...positions, partitions: new Map([...positions.partitions, ...ahead]) })
      })
    },
    keepTopicId: (topicId) =>
      whileUntouched(async () => {
        if (positions.topicId !== topicId) await save({ ...positions, topicId })
      }),
    rotate: (name) => whileUntouched(() => rotate(name)),
    close: () =>
      inTurn(async () => {
        // If there is no space, the next start treats the file as not closed cleanly, which does no harm.
        if (!failure) await savePositions(disk, files, { ...positions, isClosed: true }).catch(() => undefined)
        await file.close()
      }),
  }
}

/** The positions of the new file: it is empty and continues where the old one ends. */
export const afterRotation = ({ topic, topicId, groupId, partitions }: Positions): Positions => ({
  topic,
  ...(topicId === undefined ? {} : { topicId }),
  groupId,
  ...nothingWritten,
  partitions,
})

const lastBytes = (tail: Buffer, rows: Buffer): Buffer =>
  Buffer.from(rows.length >= tailBytes ? rows.subarray(-tailBytes) : Buffer.concat([tail, rows]).subarray(-tailBytes))
