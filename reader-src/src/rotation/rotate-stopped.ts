import type { ResultFiles } from '@kafka-etl/pipeline'
import type { Disk, FileState } from '../file/disk.js'
import type { Positions } from '../file/file-positions.js'
import { readPositions } from '../file/positions-file.js'
import { recoverResults } from '../file/recovery.js'

/**
 * Rotates a CSV file whose reader does not run, and returns whether that is done. It is not done if the file has bytes
 * that the positions do not cover: only the topic can tell whether a killed reader or somebody else wrote them. Needs
 * the result's lock.
 */
export const rotateStopped = async (disk: Disk, files: ResultFiles, name: string): Promise<boolean> => {
  // A reader, or a command like this, was killed after it had renamed the file.
  if (await disk.state(name)) return true
  const parsed = await readPositions(disk, files)
  const state = await disk.state(files.csv)
  const positions = parsed?.ok === true ? parsed.positions : undefined
  if (positions && !isSettled(positions, state)) return false
  // Without valid positions, or with an odd file, the recovery reports what is wrong.
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

/** Whether all bytes of the file are known, including its header. */
const isSettled = ({ length, rotatingTo, isClosed }: Positions, state: FileState | undefined): boolean => {
  if (state === undefined) return rotatingTo === undefined
  return !state.isFile || (length > 0 && (isClosed || state.size <= length))
}

const longestHeader = 65_536

/** The first line, of any pipeline. */
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
