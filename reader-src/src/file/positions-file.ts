import type { Disk, FileState } from './disk.js'
import { positionsName } from './file-positions.js'
import { formatPositions, parsePositions, type ParsedPositions, type Positions } from './file-positions.js'
import { writeFully } from './full-disk.js'

const temporaryName = `${positionsName}.tmp`

/** The positions that stand in the folder; undefined where there are none yet. */
export const readPositions = async (disk: Disk): Promise<ParsedPositions | undefined> => {
  const state = await disk.state(positionsName)
  if (state === undefined) return undefined
  if (!state.isFile) return { ok: false, reason: 'expected a plain file' }
  const file = await disk.open(positionsName)
  try {
    return parsePositions((await file.read(state.size, 0)).toString('utf8'))
  } finally {
    await file.close()
  }
}

/** Puts new positions in place of the old ones, whole or not at all, so that they survive a loss of power. */
export const savePositions = async (disk: Disk, positions: Positions): Promise<FileState> => {
  const bytes = Buffer.from(formatPositions(positions))
  const file = await disk.create(temporaryName)
  try {
    await writeFully(file, bytes, 0)
    await file.sync()
    const state = await file.state()
    await disk.rename(temporaryName, positionsName)
    await disk.syncFolder()
    return state
  } finally {
    await file.close()
  }
}
