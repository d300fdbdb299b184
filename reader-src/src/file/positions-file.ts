import type { ResultFiles } from '@kafka-etl/pipeline'
import type { Disk, FileState } from './disk.js'
import { formatPositions, parsePositions, type ParsedPositions, type Positions } from './file-positions.js'
import { writeFully } from './full-disk.js'

/** The positions in the folder; undefined if there are none yet. */
export const readPositions = async (disk: Disk, { positions }: ResultFiles): Promise<ParsedPositions | undefined> => {
  const state = await disk.state(positions)
  if (state === undefined) return undefined
  if (!state.isFile) return { ok: false, reason: 'expected a plain file' }
  const file = await disk.open(positions)
  try {
    return parsePositions((await file.read(state.size, 0)).toString('utf8'))
  } finally {
    await file.close()
  }
}

/** Replaces the old positions by new ones, completely or not at all. The new ones survive a power failure. */
export const savePositions = async (disk: Disk, files: ResultFiles, positions: Positions): Promise<FileState> => {
  const bytes = Buffer.from(formatPositions(positions))
  const file = await disk.create(files.positionsBeforeRename)
  try {
    await writeFully(file, bytes, 0)
    await file.sync()
    const state = await file.state()
    await disk.rename(files.positionsBeforeRename, files.positions)
    await disk.syncFolder()
    return state
  } finally {
    await file.close()
  }
}
