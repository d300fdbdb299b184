import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Measurement } from './bench-context.js'
import type { Folders } from './folders.js'
import { describeMachine } from './machine.js'
import type { BenchSettings } from './settings.js'

/** Writes what was measured to bench/results/<date>.json. */
export const writeResults = async (
  folders: Folders,
  settings: BenchSettings,
  measurements: readonly Measurement[],
  say: (line: string) => void,
): Promise<void> => {
  await mkdir(folders.results, { recursive: true })
  const measuredAt = new Date().toISOString()
  const file = join(folders.results, `${measuredAt.slice(0, 19).replaceAll(':', '')}.json`)
  const machine = await describeMachine()
  await writeFile(file, `${JSON.stringify({ measuredAt, machine, settings, measurements }, undefined, 1)}\n`)
  say(`wrote ${file}`)
}
