import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatDocument, formatRuns, type Results } from './document.js'
import { createEtlCandidate } from './etl-candidate.js'
import type { Folders } from './folders.js'
import { peers } from './peers.js'

/** Writes docs/benchmarks.md, docs/benchmarks.csv and docs/benchmarks.svg from the results of one run. */
export const writeDocument = async (
  { root, bench }: Folders,
  results: Results,
  say: (line: string) => void,
): Promise<void> => {
  const notes = await readFile(join(bench, 'notes.md'), 'utf8')
  const { markdown, plot } = formatDocument(results, [createEtlCandidate(1), createEtlCandidate(2), ...peers], notes)
  await writeFile(join(root, 'docs', 'benchmarks.md'), markdown)
  await writeFile(join(root, 'docs', 'benchmarks.svg'), plot)
  await writeFile(join(root, 'docs', 'benchmarks.csv'), formatRuns(results.measurements))
  say('wrote docs/benchmarks.md, docs/benchmarks.csv and docs/benchmarks.svg')
}
