import { randomUUID } from 'node:crypto'
import { noCrash, type Service } from '@kafka-etl/common'
import { ensureTopics, needsOfNames, waitForKafka } from '@kafka-etl/kafka'
import { withCrashPoints } from './file/crash-disk.js'
import { openDisk, refuseUnusable, type Disk } from './file/disk.js'
import { takeLock, type Lock } from './file/folder-lock.js'
import { rotatedName } from './file/file-positions.js'
import { createFullDisk, type WaitForSpace } from './file/full-disk.js'
import { recoverResults } from './file/recovery.js'
import type { ResultsFile } from './file/results-file.js'
import { createHealth, livenessOf, readinessOf } from './health.js'
import { createReaderMetrics } from './metrics.js'
import type { ReaderContext } from './reader-context.js'
import { runReader } from './reader-run.js'
import { createRunOutcome, type RunOutcome } from './run-outcome.js'

/** The service that appends every committed record of the output topic to results.csv, exactly once. */
export const createReader = (context: ReaderContext): Service => {
  const metrics = createReaderMetrics(context.registry)
  const health = createHealth()
  const run = async (stopping: AbortSignal): Promise<void> => {
    const outcome = createRunOutcome(stopping)
    let opened: ResultsFile | undefined
    context.onRotationAsked(() => {
      if (opened) rotate(context, opened, outcome)
    })
    const disk = await openFolder(context)
    const lock = await lockFolder(disk, context.platform)
    try {
      const fullDisk = createFullDisk({ ...context, metrics, stopping: outcome.signal, folder: disk.path })
      const results = await openResults(context, disk, fullDisk.waitForSpace).catch((error: unknown) => {
        // Asked to stop while it waited for space: nothing was begun.
        if (!stopping.aborted) throw error
      })
      if (!results) return
      opened = results
      await connect(context, outcome.signal)
      if (!outcome.signal.aborted) await runReader({ context, results, fullDisk, health, metrics, outcome })
      await results.close()
    } finally {
      await lock.release()
    }
  }
  return { run, liveness: () => livenessOf(health), readiness: () => readinessOf(health) }
}

const openFolder = async ({ settings, crashPoint }: ReaderContext): Promise<Disk> => {
  const disk = await openDisk(settings.resultsDir)
  return crashPoint === noCrash ? disk : withCrashPoints(disk, crashPoint)
}

const lockFolder = async (disk: Disk, platform: NodeJS.Platform): Promise<Lock> => {
  const lock = await refuseUnusable(() => takeLock({ disk, platform }))
  if (lock) return lock
  throw new Error(
    `RESULTS_DIR: expected a folder that no other reader uses, got ${disk.path}, which one does: stop it first, or give this one a folder of its own`,
  )
}

const openResults = async (
  { logger, settings }: ReaderContext,
  disk: Disk,
  waitForSpace: WaitForSpace,
): Promise<ResultsFile> => {
  const { results, setAside } = await recoverResults({
    disk,
    topic: settings.outputTopic,
    createGroupId: () => `reader-${randomUUID()}`,
    waitForSpace,
  })
  const { groupId, rows } = results.positions()
  if (setAside) {
    logger.warn(
      { bytes: setAside.bytes, file: setAside.name },
      `put the last ${setAside.bytes} bytes of results.csv into ${setAside.name}: positions do not know them; rows of a killed reader are read again, and the file is then removed`,
    )
  }
  logger.info({ folder: disk.path, groupId, rows }, `results.csv has ${rows} rows`)
  return results
}

/** Rows that are being appended come before it. */
const rotate = ({ clock, logger }: ReaderContext, results: ResultsFile, outcome: RunOutcome): void => {
  if (outcome.signal.aborted) return
  const { rows } = results.positions()
  const name = rotatedName(clock.epochMs())
  results
    .rotate(name)
    .then(() => logger.info({ file: name, rows }, `results.csv is now ${name}; a new one is begun`), outcome.fail)
}

const connect = async ({ kafka, logger, clock, settings }: ReaderContext, stopping: AbortSignal): Promise<void> => {
  const timeoutMs = settings.kafkaWaitSeconds * 1000
  await waitForKafka({ kafka, logger, clock, settings, timeoutMs, stopping })
  if (stopping.aborted) return
  const admin = await kafka.connectAdmin()
  try {
    await ensureTopics(admin, needsOfNames(settings), logger)
  } finally {
    await admin.close()
  }
}
