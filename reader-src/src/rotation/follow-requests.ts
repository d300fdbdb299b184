import type { ResultContext } from '../result-context.js'
import { endRotationRequest, readRotationRequest } from './rotation-request.js'

/** A file and not a signal, since the reader may be in a container, or not be there yet. */
const lookMs = 500

/**
 * Rotates each time that somebody asks for it by a file, until the work on the result ends. A reader that was killed
 * behind the rotation finds the file under its new name, and does nothing twice.
 */
export const followRotationRequests = async (result: ResultContext): Promise<void> => {
  const { context, plan, disk, outcome } = result
  while (!outcome.signal.aborted) {
    const name = await readRotationRequest(disk, plan.files)
    // The file may be closed by now: then the next start does it.
    if (name !== undefined && !isAborted(outcome.signal)) {
      if ((await disk.state(name)) === undefined) await rotateTo(result, name)
      context.crashPoint('reader.afterRotation')
      await endRotationRequest(disk, plan.files)
    }
    await context.clock.sleep(lookMs, outcome.signal)
  }
}

// A call, since the compiler believes that what was false before an await is false after it.
const isAborted = (signal: AbortSignal): boolean => signal.aborted

/** Gives the CSV file this name, and begins a new one. Rows that are being appended come before it. */
export const rotateTo = async (
  { context: { logger }, plan: { files }, results }: ResultContext,
  name: string,
): Promise<void> => {
  const { rows } = results.positions()
  await results.rotate(name)
  logger.info({ file: name, rows }, `${files.path} is now ${name}; a new one has begun`)
}
