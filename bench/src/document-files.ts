import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatDocument, formatRuns, type MeasuredSection } from './document.js'
import { createEtlCandidate } from './etl-candidate.js'
import type { Folders } from './folders.js'
import { connectorSection } from './connector/section.js'
import { noaaSection } from './noaa/section.js'
import { ridesSection } from './rides/section.js'
import { peers } from './peers.js'
import type { Results } from './run-results.js'
import { windowsSection } from './windows/section.js'
import { isWholeRun, type Section } from './sections.js'
import { timestampsScenarios } from './settings.js'

const sections: readonly Section[] = [noaaSection, connectorSection, ridesSection, windowsSection]

const measuredFile = ({ bench }: Folders, name: string): string => join(bench, 'measured', `${name}.json`)

const readMeasured = async (folders: Folders, name: string): Promise<Results | undefined> => {
  const text = await readFile(measuredFile(folders, name), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as Results)
}

/** A scenario may measure several things: `noaa` also measures `noaa-live`. */
const isOf = (measured: string, scenario: string): boolean =>
  measured === scenario || measured.startsWith(`${scenario}-`)

const keep = async (folders: Folders, name: string, results: Results, scenarios: readonly string[]): Promise<void> => {
  const measurements = results.measurements.filter(({ scenario }) => scenarios.some((name) => isOf(scenario, name)))
  await writeFile(measuredFile(folders, name), `${JSON.stringify({ ...results, measurements }, undefined, 1)}\n`)
}

/**
 * Stores the results of a run for each part of the document that it has measured completely: the default pipeline by
 * all of its scenarios, another pipeline by its own. Returns the parts.
 */
export const keepResults = async (folders: Folders, results: Results): Promise<readonly string[]> => {
  const measured = sections.filter(({ name }) => results.measurements.some(({ scenario }) => isOf(scenario, name)))
  for (const { name } of measured) await keep(folders, name, results, [name])
  const isWhole = isWholeRun(
    results,
    peers.map(({ name }) => name),
  )
  if (isWhole) await keep(folders, 'timestamps', results, timestampsScenarios)
  return [...(isWhole ? ['timestamps'] : []), ...measured.map(({ name }) => name)]
}

/** Writes docs/benchmarks.md, docs/benchmarks.csv and docs/benchmarks.svg from the stored results. */
export const writeDocument = async (folders: Folders, say: (line: string) => void): Promise<void> => {
  const { root, bench } = folders
  const notesOf = (name: string): Promise<string> => readFile(join(bench, 'notes', `${name}.md`), 'utf8')
  const results = await readMeasured(folders, 'timestamps')
  if (!results) throw new Error(`expected ${measuredFile(folders, 'timestamps')}, found none`)
  const measured: MeasuredSection[] = []
  for (const section of sections) {
    const own = await readMeasured(folders, section.name)
    if (own) measured.push({ section, results: own, notes: await notesOf(section.name) })
  }
  const candidates = [createEtlCandidate(1), createEtlCandidate(2), ...peers]
  const { markdown, plot } = formatDocument(results, candidates, await notesOf('timestamps'), measured)
  const all = [results, ...measured.map((one) => one.results)]
  await writeFile(join(root, 'docs', 'benchmarks.md'), markdown)
  await writeFile(join(root, 'docs', 'benchmarks.svg'), plot)
  await writeFile(join(root, 'docs', 'benchmarks.csv'), formatRuns(all.flatMap(({ measurements }) => measurements)))
  say('wrote docs/benchmarks.md, docs/benchmarks.csv and docs/benchmarks.svg')
}
