import type { Point } from './meter.js'
import type { Usage } from './process-meter.js'

/** A sighting of the output, and what the candidate had used by then. */
export type Sighting = { readonly point: Point; readonly usage: Usage }

const offsetsOf = ({ ends }: Point): number => ends.reduce((sum, end) => sum + end, 0)

/**
 * The speed between the first sighting of an output and the last. What was visible at the first does not count, since
 * its duration is unknown. Offsets stand for records (there are only a few transaction markers per second).
 */
export const measureTrace = (sightings: readonly Sighting[], count: number): Readonly<Record<string, number>> => {
  const seen = sightings.filter(({ point }) => offsetsOf(point) > 0)
  const [first, last] = [seen[0], seen.at(-1)]
  if (!first || !last || first === last) return {}
  const seconds = (last.point.atMs - first.point.atMs) / 1000
  const logs = count * (1 - offsetsOf(first.point) / offsetsOf(last.point))
  const cpuSeconds = last.usage.cpuSeconds - first.usage.cpuSeconds
  return {
    logsPerSecond: logs / seconds,
    seconds,
    ...(cpuSeconds > 0.05 ? { logsPerCpuSecond: logs / cpuSeconds } : {}),
    // Includes start-up and warm-up: everything the process has used until then. Unknown for a process that has ended.
    ...(last.usage.cpuSeconds > 0.05 ? { logsPerCpuSecondInAll: count / last.usage.cpuSeconds } : {}),
  }
}
