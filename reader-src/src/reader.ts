import { randomUUID } from 'node:crypto'
import type { ReaderSettings, Service, ServiceContext } from '@kafka-etl/common'
import { ensureTopics, waitForKafka, type Kafka } from '@kafka-etl/kafka'
import type { Kafka as KafkaJs } from 'kafkajs'
import { withCrashPoints } from './crash-disk.js'
import { openDisk, type Disk } from './disk.js'
import { createEnding, type Ending } from './ending.js'
import { createHealth, livenessOf, readinessOf } from './health.js'
import { takeLock, type Lock } from './lock.js'
import { createReaderMetrics } from './metrics.js'
import type { ProgressOutput } from './progress-bar.js'
import { recoverResults } from './recovery.js'
import type { ResultsFile } from './results-file.js'
import { createSpaceWait, type SpaceWait } from './space-wait.js'
import { transfer } from './transfer.js'

export type ReaderContext = ServiceContext<ReaderSettings> & {
  readonly kafka: Kafka
  readonly kafkajs: KafkaJs
  readonly platform: NodeJS.Platform
  /** Where the progress bar goes. */
  readonly output: ProgressOutput
}

/** The service that appends every committed record of the output topic to results.csv, exactly once. */
export const createReader = (context: ReaderContext): Service => {
  const metrics = createReaderMetrics(context.registry)
  const health = createHealth()
  const run = async (stopping: AbortSignal): Promise<void> => {
    const ending = createEnding(stopping)
    const disk = withCrashPoints(await openDisk(context.settings.resultsDir), context.crashPoint)
    const lock = await lockFolder(disk, context.platform)
    try {
      const spaceWait = createSpaceWait({ ...context, metrics, ending, folder: disk.path })
      const results = await openResults(context, disk, spaceWait).catch((error: unknown) => {
        // Asked to stop while it waited for space: nothing was begun.
        if (!stopping.aborted) throw error
      })
      if (!results) return
      await connect(context, ending)
      if (!ending.signal.aborted) await transfer({ context, metrics, health, ending, results, spaceWait })
      await results.close()
    } finally {
      await lock.release()
    }
  }
  return { run, liveness: () => livenessOf(health), readiness: () => readinessOf(health) }
}

const lockFolder = async ({ identity, path }: Disk, platform: NodeJS.Platform): Promise<Lock> => {
  const lock = await takeLock({ identity, platform })
  if (lock) return lock
  throw new Error(
    `RESULTS_DIR: expected a folder that no other reader uses, got ${path}, which one does: stop it first, or give this one a folder of its own`,
  )
}

const openResults = async (
  { logger, settings }: ReaderContext,
  disk: Disk,
  spaceWait: SpaceWait,
): Promise<ResultsFile> => {
  const { results, cutBytes } = await recoverResults({
    disk,
    topic: settings.outputTopic,
    createGroupId: () => `reader-${randomUUID()}`,
    waitForSpace: spaceWait.wait,
  })
  const { groupId, rows } = results.positions()
  if (cutBytes > 0) {
    logger.warn({ bytes: cutBytes }, 'cut off what was written last without its positions; it is read again')
  }
  logger.info({ folder: disk.path, groupId, rows }, `results.csv has ${rows} rows`)
  return results
}

const connect = async ({ kafka, logger, clock, settings }: ReaderContext, { signal }: Ending): Promise<void> => {
  const timeoutMs = settings.kafkaWaitSeconds * 1000
  await waitForKafka({ kafka, logger, clock, settings, timeoutMs, stopping: signal })
  if (signal.aborted) return
  const admin = await kafka.connectAdmin()
  try {
    await ensureTopics(admin, settings, logger)
  } finally {
    await admin.close()
  }
}
