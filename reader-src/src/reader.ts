import type { Service } from '@kafka-etl/common'
import { waitForKafka, type KafkaAdmin } from '@kafka-etl/kafka'
import type { Lock } from './file/result-lock.js'
import { createHealth, livenessOf, readinessOf } from './health.js'
import { createReaderMetrics } from './metrics.js'
import { openResult } from './open-result.js'
import type { ReaderContext } from './reader-context.js'
import { runResult } from './reader-run.js'
import type { ResultContext } from './result-context.js'
import { followRotationRequests, rotateTo } from './rotation/follow-requests.js'
import { createRunOutcome, type RunOutcome } from './run-outcome.js'

/** The service that appends every committed record of each result's topic to the result's CSV file, exactly once. */
export const createReader = (context: ReaderContext): Service => {
  const metrics = createReaderMetrics(context.registry)
  const planned = context.plans.map((plan) => ({
    context,
    plan,
    health: createHealth(plan.files.path),
    metrics: metrics.ofResult(plan),
  }))
  const healths = planned.map(({ health }) => health)
  const run = async (stopping: AbortSignal): Promise<void> => {
    const outcome = createRunOutcome(stopping)
    const results: ResultContext[] = []
    const locks: Lock[] = []
    const requests: Promise<void>[] = []
    if (context.plans.length === 0) return idle(context, outcome)
    context.onRotationAsked(() => results.forEach(rotate))
    try {
      for (const one of planned) {
        const { lock, opened } = await openResult({ ...one, stopping: outcome.signal })
        locks.push(lock)
        if (!opened) return
        results.push(opened)
        requests.push(followRotationRequests(opened).catch(opened.outcome.fail))
      }
      await workOn(context, results, outcome)
    } finally {
      outcome.finish()
      await Promise.all(requests)
      await Promise.all(locks.map((lock) => lock.release()))
    }
  }
  return { run, liveness: () => livenessOf(healths), readiness: () => readinessOf(healths) }
}

/** Waits for the stop. A pipeline without results has a reader, too: it can be started and watched like any other. */
const idle = async ({ logger, settings }: ReaderContext, outcome: RunOutcome): Promise<void> => {
  logger.info('the pipeline has no results: there is nothing to write')
  if (settings.follow) await outcome.settled
}

/**
 * KafkaJS may wait for a dead broker far longer than a stop may take. When the process ends, its connections end
 * anyway.
 */
const longestGoodbyeMs = 3_000

/** Works on all results in parallel. If one fails for good, the others are saved and closed, too. */
const workOn = async (
  context: ReaderContext,
  results: readonly ResultContext[],
  outcome: RunOutcome,
): Promise<void> => {
  const { kafka, logger, clock, settings } = context
  const timeoutMs = settings.kafkaWaitSeconds * 1000
  await waitForKafka({ kafka, logger, clock, settings, timeoutMs, stopping: outcome.signal })
  const admin = outcome.signal.aborted ? undefined : await kafka.connectAdmin()
  try {
    if (admin) await context.prepareTopics(admin)
    await Promise.all(results.map((result) => workOnOne(result, admin).catch(outcome.fail)))
  } finally {
    if (admin) await Promise.race([admin.close().catch(() => undefined), clock.sleep(longestGoodbyeMs)])
  }
  outcome.finish()
  await outcome.settled
}

const workOnOne = async (result: ResultContext, admin: KafkaAdmin | undefined): Promise<void> => {
  const { outcome } = result
  // A rotation may have failed by now.
  if (outcome.signal.aborted) await outcome.settled
  else if (admin) await runResult(result, admin)
  await result.results.close()
}

const rotate = (result: ResultContext): void => {
  const { context, plan, outcome } = result
  if (outcome.signal.aborted) return
  rotateTo(result, plan.files.rotated(context.clock.epochMs())).catch(outcome.fail)
}
