import type { Delays } from '../protocol.js'

/** The delays of the last minute, limited in number. */
export const createDelays = (windowMs = 60_000, most = 1_000) => {
  let samples: { readonly atMs: number; readonly delayMs: number }[] = []
  return {
    add: (atMs: number, delayMs: number): void => {
      samples.push({ atMs, delayMs })
      if (samples.length > most) samples = samples.slice(-most / 2)
    },
    read: (nowMs: number): Delays | undefined => {
      samples = samples.filter(({ atMs }) => atMs > nowMs - windowMs)
      if (samples.length === 0) return undefined
      const sorted = samples.map(({ delayMs }) => delayMs).toSorted((one, other) => one - other)
      return { p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99), samples: sorted.length }
    },
  }
}

/** The smallest value that this share of the sorted values does not exceed. */
const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
