import type { ResultContext } from '../result-context.js'
import { endRotationRequest, readRotationRequest } from './rotation-request.js'

/** Requests are files, not signals: the reader may be in a container, or not running yet. */
const lookMs = 500

/**
 * Handles rotation requests until the work on the result ends. If a reader was killed after the rotation, the next one
 * finds the file under its new name and does not rotate twice.
 */
export const followRotationRequests = async (result: ResultContext): Promise<void> => {
  const { context, plan, disk, outcome } = result
  while (!outcome.signal.aborted) {
    const name = await readRotationRequest(disk, plan.files)
    // The file may be closed by now: then the next start rotates it.
    if (name !== undefined && !isAborted(outcome.signal)) {
      if ((await disk.state(name)) === undefined) await rotateTo(result, name)
      context.crashPoint('reader.afterRotation')
      await endRotationRequest(disk, plan.files)
    }
    await context.clock.sleep(lookMs, outcome.signal)
  }
}

// A function, since the compiler assumes that what was false before an await is false after it.
const isAborted = (signal: AbortSignal): boolean => signal.aborted

/** Gives the CSV file this name, and begins a new one. Waits for rows that are being appended. */
export const rotateTo = async (
  { context: { logger }, plan: { files }, results }: ResultContext,
  name: string,
): Promise<void> => {
  const { rows } = results.positions()
  await results.rotate(name)
  logger.info({ file: name, rows }, `${files.path} is now ${name}; a new one has begun`)
}
