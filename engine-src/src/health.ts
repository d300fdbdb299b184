import type { Health } from '@kafka-etl/common'

/** What the running engine knows about itself. */
export type EngineHealth = {
  /** Why not every job works, one sentence each, by job or by what is missing. */
  problems: readonly string[]
  /** When the engine last inspected Flink, by the monotonic clock; undefined: not yet. */
  lookedAtMs: number | undefined
}

export const createHealth = (): EngineHealth => ({ problems: ['has not looked at Flink yet'], lookedAtMs: undefined })

/** A submission may take the start of the gateway and two minutes per statement. */
const longestRoundMs = 600_000

export const livenessOf = ({ lookedAtMs }: EngineHealth, nowMs: number): Health =>
  lookedAtMs === undefined || nowMs - lookedAtMs < longestRoundMs
    ? { ok: true }
    : { ok: false, reason: `has not looked at Flink for ${Math.round((nowMs - lookedAtMs) / 1000)} s` }

export const readinessOf = ({ problems }: EngineHealth): Health =>
  problems.length === 0 ? { ok: true } : { ok: false, reason: problems.join('; ') }
