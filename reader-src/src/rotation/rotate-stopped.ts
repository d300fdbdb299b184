import type { ResultFiles } from '@kafka-etl/pipeline'
import type { Disk, FileState } from '../file/disk.js'
import type { Positions } from '../file/file-positions.js'
import { readPositions } from '../file/positions-file.js'
import { recoverResults } from '../file/recovery.js'

/**
 * Rotates a CSV file whose reader does not run, and says whether that is done. It is not if there are bytes that the
 * positions do not know: rows of a killed reader, which only the topic can tell from what somebody else has added.
 * Needs the result's lock.
 */
export const rotateStopped = async (disk: Disk, files: ResultFiles, name: string): Promise<boolean> => {
  // By a reader, or a command like this, that was killed behind it.
  if (await disk.state(name)) return true
  const parsed = await readPositions(disk, files)
  const state = await disk.state(files.csv)
  const positions = parsed?.ok === true ? parsed.positions : undefined
  if (positions && !isSettled(positions, state)) return false
  // Without good positions, or with an odd file, the recovery says what is wrong.
  const { results } = await recoverResults({
    disk,
    files,
    header: await readHeader(disk, files),
    topic: positions?.topic ?? '',
    createGroupId: () => '',
    waitForSpace: (error) => Promise.reject(error instanceof Error ? error : new Error(String(error))),
  })
  try {
    await results.rotate(name)
  } finally {
    await results.close()
  }
  return true
}

/** Whether all bytes of the file are known, its header among them. */
const isSettled = ({ length, rotatingTo, isClosed }: Positions, state: FileState | undefined): boolean => {
  if (state === undefined) return rotatingTo === undefined
  return !state.isFile || (length > 0 && (isClosed || state.size <= length))
}

const longestHeader = 65_536

/** The first line, whichever pipeline it is of. */
const readHeader = async (disk: Disk, { csv }: ResultFiles): Promise<string> => {
  if ((await disk.state(csv))?.isFile !== true) return ''
  const file = await disk.open(csv)
  try {
    const start = (await file.read(longestHeader, 0)).toString('utf8')
    return start.slice(0, start.indexOf('\n') + 1)
  } finally {
    await file.close()
  }
}
