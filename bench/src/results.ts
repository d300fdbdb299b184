import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Measurement } from './bench-context.js'
import type { Folders } from './folders.js'
import { writeDocument } from './document-files.js'
import { describeMachine } from './machine.js'
import { peerNames, scenarioNames, type BenchSettings } from './settings.js'

/** Writes what was measured so far to bench/results/<start>.json; once all was, the document too. */
export const writeResults = async (
  folders: Folders,
  settings: BenchSettings,
  measuredAt: string,
  measurements: readonly Measurement[],
  say: (line: string) => void,
): Promise<void> => {
  await mkdir(folders.results, { recursive: true })
  const file = join(folders.results, `${measuredAt.slice(0, 19).replaceAll(':', '')}.json`)
  const machine = await describeMachine()
  const results = { measuredAt, machine, settings, measurements }
  await writeFile(file, `${JSON.stringify(results, undefined, 1)}\n`)
  const isWhole =
    settings.peers.length === peerNames.length &&
    scenarioNames.every((name) => measurements.some(({ scenario }) => scenario === name))
  if (isWhole) await writeDocument(folders, results, say)
}
