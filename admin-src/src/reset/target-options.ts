import { type OutputOptions, UsageError } from '../report.js'
import type { ResetTarget } from './plan-reset.js'

/** The options of `reset`. */
export type TargetOptions = OutputOptions & {
  readonly toOffset?: bigint
  readonly toEarliest?: true
  readonly toLatest?: true
  readonly toTime?: number
  readonly topic?: string
  readonly partition?: number
  readonly execute?: true
}

/** The only given target. Throws if there is none, or more than one. */
export const findTarget = ({ toOffset, toEarliest, toLatest, toTime }: TargetOptions): ResetTarget => {
  const targets: readonly (readonly [string, ResetTarget])[] = [
    ...(toOffset === undefined ? [] : [['--to-offset', { kind: 'offset', offset: toOffset }] as const]),
    ...(toEarliest ? [['--to-earliest', { kind: 'earliest' }] as const] : []),
    ...(toLatest ? [['--to-latest', { kind: 'latest' }] as const] : []),
    ...(toTime === undefined ? [] : [['--to-time', { kind: 'time', epochMs: toTime }] as const]),
  ]
  const [first, second] = targets
  if (first !== undefined && second === undefined) return first[1]
  const got = targets.length === 0 ? 'none' : targets.map(([name]) => name).join(' and ')
  throw new UsageError(`expected one of --to-offset, --to-earliest, --to-latest and --to-time, got ${got}`)
}
