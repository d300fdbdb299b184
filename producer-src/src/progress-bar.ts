import { createRequire } from 'node:module'
import type * as Bars from 'cli-progress'

export type ProgressOutput = NodeJS.WritableStream & { readonly isTTY?: boolean }

/** Shows how much of a stream is sent. */
export type ProgressBar = { readonly update: (done: number) => void; readonly stop: () => void }

const noBar: ProgressBar = { update: () => undefined, stop: () => undefined }

/** A progress bar if `output` is a terminal and `total` is known; otherwise it does nothing. */
export const createProgressBar = (output: ProgressOutput, total: number): ProgressBar => {
  if (output.isTTY !== true || !Number.isFinite(total)) return noBar
  // Most producers have no terminal, and every start is faster without these modules.
  const { Presets, SingleBar } = createRequire(import.meta.url)('cli-progress') as typeof Bars
  const format = '{bar} {percentage}% | {value} of {total} records | {eta_formatted}'
  const bar = new SingleBar({ stream: output, format }, Presets.shades_classic)
  bar.start(total, 0)
  return { update: (done) => bar.update(done), stop: () => bar.stop() }
}
