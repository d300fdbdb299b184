import type { ResultFiles } from '@kafka-etl/pipeline'
import type { Disk } from '../file/disk.js'
import { writeFully } from '../file/full-disk.js'

type RequestDisk = Pick<Disk, 'create' | 'read' | 'remove' | 'rename' | 'syncFolder'>

/**
 * The requested name of the CSV file; undefined if there is no request. A request outlives its writer and its reader,
 * and its name shows whether it is done. Removes anything else under its name.
 */
export const readRotationRequest = async (disk: RequestDisk, files: ResultFiles): Promise<string | undefined> => {
  const name = (await disk.read(files.rotationRequest))?.toString('utf8').trim()
  if (name === undefined || files.isRotated(name)) return name
  await disk.remove(files.rotationRequest)
  return undefined
}

/**
 * Requests a rotation. Resolves to the new name of the file, which is that of an earlier request if one is still open.
 */
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
