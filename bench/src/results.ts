import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Results } from './run-results.js'
import type { Folders } from './folders.js'
import { keepResults, writeDocument } from './document-files.js'
import { scenarioNames } from './settings.js'

/** Writes the measurements so far to bench/results/<start>.json, and the document once every scenario was measured. */
export const writeResults = async (folders: Folders, results: Results, say: (line: string) => void): Promise<void> => {
  await mkdir(folders.results, { recursive: true })
  const file = join(folders.results, `${results.measuredAt.slice(0, 19).replaceAll(':', '')}.json`)
  await writeFile(file, `${JSON.stringify(results, undefined, 1)}\n`)
  const isComplete = scenarioNames.every((name) =>
    results.measurements.some(({ scenario }) => scenario === name || scenario.startsWith(`${name}-`)),
  )
  if (!isComplete || !(await keepResults(folders, results)).includes('timestamps')) return
  await writeDocument(folders, say)
}
