import { createRequire } from 'node:module'
import type * as Bars from 'cli-progress'

export type ProgressOutput = NodeJS.WritableStream & { readonly isTTY?: boolean }

/** Shows the progress of counted work. */
export type ProgressBar = { readonly update: (done: number) => void; readonly stop: () => void }

export const noProgressBar: ProgressBar = { update: () => undefined, stop: () => undefined }

/** A progress bar on a terminal; elsewhere it does nothing. */
export const createProgressBar = (output: ProgressOutput, total: number): ProgressBar => {
  if (output.isTTY !== true) return noProgressBar
  // Most readers have no terminal, and every start is faster without these modules.
  const { Presets, SingleBar } = createRequire(import.meta.url)('cli-progress') as typeof Bars
  const bar = new SingleBar(
    { stream: output, format: '{bar} {percentage}% | {value} of {total} records | {eta_formatted}' },
    Presets.shades_classic,
  )
  bar.start(total, 0)
  return { update: (done) => bar.update(done), stop: () => bar.stop() }
}
