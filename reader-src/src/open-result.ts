import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { noCrash } from '@kafka-etl/common'
import { formatHeader } from '@kafka-etl/pipeline'
import { withCrashPoints } from './file/crash-disk.js'
import { openDisk, refuseUnusable, type Disk } from './file/disk.js'
import { createFullDisk } from './file/full-disk.js'
import { recoverResults, type Recovery } from './file/recovery.js'
import { takeLock, type Lock } from './file/result-lock.js'
import type { ResultHealth } from './health.js'
import type { ResultMetrics } from './metrics.js'
import type { ReaderContext } from './reader-context.js'
import type { ResultContext } from './result-context.js'
import type { ResultPlan } from './result-plan.js'
import { createRunOutcome } from './run-outcome.js'

export type OpenResultOptions = {
  readonly context: ReaderContext
  readonly plan: ResultPlan
  readonly health: ResultHealth
  readonly metrics: ResultMetrics
  readonly stopping: AbortSignal
}

export type OpenResult = {
  readonly lock: Lock
  /** Undefined if it was asked to stop while it waited for space, and had begun nothing. */
  readonly opened: ResultContext | undefined
}

/** Locks the files of a result, and opens them if they are valid. */
export const openResult = async (options: OpenResultOptions): Promise<OpenResult> => {
  const { context, plan, stopping, metrics } = options
  const disk = await openFolder(context, plan)
  const lock = await lockResult(disk, context, plan)
  const outcome = createRunOutcome(stopping)
  const fullDisk = createFullDisk({
    ...context,
    metrics,
    stopping: outcome.signal,
    folder: disk.path,
    path: plan.files.path,
  })
  try {
    const recovery = await recoverResults({
      disk,
      files: plan.files,
      header: `${formatHeader(plan.columns)}\n`,
      topic: plan.topic,
      createGroupId: () => `reader-${randomUUID()}`,
      waitForSpace: fullDisk.waitForSpace,
    })
    report(context, plan, disk, recovery)
    return { lock, opened: { ...options, disk, results: recovery.results, fullDisk, outcome } }
  } catch (error) {
    if (stopping.aborted) return { lock, opened: undefined }
    await lock.release()
    throw error
  }
}

const openFolder = async ({ settings, crashPoint }: ReaderContext, { files }: ResultPlan): Promise<Disk> => {
  const disk = await openDisk(join(settings.resultsDir, files.folder))
  return crashPoint === noCrash ? disk : withCrashPoints(disk, files.csv, crashPoint)
}

const lockResult = async (disk: Disk, { platform }: ReaderContext, { files }: ResultPlan): Promise<Lock> => {
  const lock = await refuseUnusable(() => takeLock({ disk, name: files.lock, platform }))
  if (lock) return lock
  throw new Error(
    `RESULTS_DIR: expected a folder that no other reader uses for ${files.csv}, got ${disk.path}, which one does: stop it first, or give this one a folder of its own`,
  )
}

const report = (
  { logger }: ReaderContext,
  { files: { path } }: ResultPlan,
  disk: Disk,
  { results, setAside }: Recovery,
): void => {
  const { groupId, rows } = results.positions()
  if (setAside) {
    logger.warn(
      { bytes: setAside.bytes, file: setAside.name },
      `moved the last ${setAside.bytes} bytes of ${path} to ${setAside.name}, since the positions do not cover them; rows of a killed reader are read again, and the file is then removed`,
    )
  }
  logger.info({ folder: disk.path, groupId, rows }, `${path} has ${rows} rows`)
}
