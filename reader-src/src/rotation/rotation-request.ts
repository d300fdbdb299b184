import type { ResultFiles } from '@kafka-etl/pipeline'
import type { Disk } from '../file/disk.js'
import { writeFully } from '../file/full-disk.js'

type RequestDisk = Pick<Disk, 'create' | 'read' | 'remove' | 'rename' | 'syncFolder'>

/**
 * The name that somebody wants the CSV file to have; undefined if nobody asks. A request outlives whoever wrote it and
 * whoever reads it, and its name says whether it is done. Anything else under its name is removed.
 */
export const readRotationRequest = async (disk: RequestDisk, files: ResultFiles): Promise<string | undefined> => {
  const name = (await disk.read(files.rotationRequest))?.toString('utf8').trim()
  if (name === undefined || files.isRotated(name)) return name
  await disk.remove(files.rotationRequest)
  return undefined
}

/** Asks for a rotation. Resolves with the name that the file gets: that of an earlier request that is not done yet. */
export const askForRotation = async (disk: RequestDisk, files: ResultFiles, name: string): Promise<string> => {
  const earlier = await readRotationRequest(disk, files)
  if (earlier !== undefined) return earlier
  const file = await disk.create(files.rotationRequestBeforeRename)
  try {
    await writeFully(file, Buffer.from(`${name}\n`), 0)
    await file.sync()
  } finally {
    await file.close()
  }
  await disk.rename(files.rotationRequestBeforeRename, files.rotationRequest)
  await disk.syncFolder()
  return name
}

export const endRotationRequest = async (disk: RequestDisk, files: ResultFiles): Promise<void> => {
  await disk.remove(files.rotationRequest)
}
