import { formatReasons } from '@kafka-etl/pipeline'
import type { AdminPipeline } from '../pipelines/definitions.js'
import { UsageError } from '../report.js'

/** The reasons of the ETL itself. */
const loopReasons = ['record_too_large', 'step_failed'] as const

/** All reasons for which a pipeline may reject a record, in alphabetical order. */
const listReasons = ({ definition }: AdminPipeline): readonly string[] =>
  [...new Set([...formatReasons, ...loopReasons, ...(definition.reasons ?? [])])].sort()

/** Throws for an unknown reason: a misspelt one would find nothing, which would look as if all were well. */
export const requireReasons = (pipeline: AdminPipeline, reasons: readonly string[]): void => {
  const known = listReasons(pipeline)
  const unknown = reasons.find((reason) => !known.includes(reason))
  if (unknown === undefined) return
  throw new UsageError(`expected a reason (${known.join(', ')}), got ${unknown}`)
}
