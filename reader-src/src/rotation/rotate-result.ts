import { stat } from 'node:fs/promises'
import { platform, userInfo } from 'node:os'
import { join } from 'node:path'
import { noCrash, type Clock, type CrashPoint } from '@kafka-etl/common'
import { filesOfResult, type ResultFiles } from '@kafka-etl/pipeline'
import { withCrashPoints } from '../file/crash-disk.js'
import { openDisk, type Disk } from '../file/disk.js'
import { readPositions } from '../file/positions-file.js'
import { takeFreeLock } from '../file/result-lock.js'
import { askForRotation, endRotationRequest, readRotationRequest } from './rotation-request.js'
import { rotateStopped } from './rotate-stopped.js'

export type RotationOptions = {
  readonly resultsDir: string
  /** The path of the CSV file within RESULTS_DIR: `noaa/noaa-alerts.csv`. */
  readonly path: string
  readonly clock: Pick<Clock, 'epochMs' | 'monotonicMs' | 'sleep'>
  readonly crashPoint: CrashPoint
}

/** The result of a rotation. */
export type Rotation =
  /** The CSV file has this name now; a new one has begun. */
  | { readonly kind: 'rotated'; readonly file: string }
  | { readonly kind: 'missing' }
  /** The file gets the name `file` at the reader's next start: only the reader can tell what is at its end. */
  | { readonly kind: 'left to the next start'; readonly file: string }
  /** A reader holds the file and has not handled the request yet. */
  | { readonly kind: 'awaited'; readonly file: string }

const lookMs = 100
/** A reader checks for requests twice a second. The lock of a reader in a container is not visible here. */
const unseenReaderMs = 5_000
const patienceMs = 30_000

/**
 * Gives a result's CSV file a name with the time, and begins a new file. The result's reader does this, or this process
 * if no reader runs. Each row stays in one of the files, and none is read again, whatever is killed and when.
 */
export const rotateResult = async (options: RotationOptions): Promise<Rotation> => {
  const { resultsDir, path, clock, crashPoint } = options
  const files = filesOfResult(path)
  const folder = join(resultsDir, files.folder)
  const isThere = await stat(join(folder, files.positions)).catch(() => undefined)
  if (!isThere) return { kind: 'missing' }
  const plainDisk = await openDisk(folder)
  const disk = crashPoint === noCrash ? plainDisk : withCrashPoints(plainDisk, files.csv, crashPoint)
  const file = await askForRotation(disk, files, files.rotated(clock.epochMs()))
  crashPoint('rotation.asked')
  const askedMs = clock.monotonicMs()
  for (;;) {
    if ((await readRotationRequest(disk, files)) === undefined) return { kind: 'rotated', file }
    const waitedMs = clock.monotonicMs() - askedMs
    if (waitedMs > unseenReaderMs || (await isClosed(disk, files))) {
      // Files created here would not belong to the reader's user, and the reader could not write them.
      if (isThere.uid !== userInfo().uid) {
        if (waitedMs > unseenReaderMs) return { kind: 'left to the next start', file }
      } else {
        const lock = await takeFreeLock(disk, files.lock, platform())
        if (lock) return rotateHere(disk, files, file).finally(() => lock.release())
      }
    }
    if (waitedMs > patienceMs) return { kind: 'awaited', file }
    await clock.sleep(lookMs)
  }
}

const rotateHere = async (disk: Disk, files: ResultFiles, file: string): Promise<Rotation> => {
  try {
    if (!(await rotateStopped(disk, files, file))) return { kind: 'left to the next start', file }
    await endRotationRequest(disk, files)
    return { kind: 'rotated', file }
  } catch (error) {
    await endRotationRequest(disk, files)
    throw error
  }
}

/** Whether its reader has stopped cleanly. */
const isClosed = async (disk: Disk, files: ResultFiles): Promise<boolean> => {
  const parsed = await readPositions(disk, files)
  return parsed?.ok === true && parsed.positions.isClosed
}
