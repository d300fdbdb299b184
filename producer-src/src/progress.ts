import type { LogPosition } from './log-headers.js'

/** Which logs of a stream stand in the topics: all below `confirmed`, and those of `later`. */
export type Progress = { readonly confirmed: number; readonly later: ReadonlySet<number> }

export const isThere = ({ confirmed, later }: Progress, index: number): boolean => index < confirmed || later.has(index)

/** The first log that is not in its topic. */
export const firstMissing = (progress: Progress): number => {
  let index = progress.confirmed
  while (isThere(progress, index)) index++
  return index
}

/** What the end of each partition says; of a partition without a log of the stream, an empty list. */
export const readProgress = (partitions: readonly (readonly LogPosition[])[]): Progress => {
  const confirmed = partitions.flat().reduce((highest, position) => Math.max(highest, position.confirmed), 0)
  const later = partitions.flat().filter(({ index }) => index >= confirmed)
  return { confirmed, later: new Set(later.map(({ index }) => index)) }
}

/**
 * Whether more of a partition has to be read: within a partition indexes rise, so that everything from `confirmed` on
 * has been seen once a log below it has.
 */
export const reachesBack = (positions: readonly LogPosition[], confirmed: number): boolean =>
  positions.some(({ index }) => index < confirmed)
