import { readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'

const positionsEnd = '.positions.json'

/** What the reader writes beside `<result>.csv`. */
const companionEnds: readonly string[] = ['.csv', positionsEnd, `${positionsEnd}.tmp`, '.lock', '.lock.tmp']
/** A file that a result was rotated to: `results.2026-11-26T13-40-05.123Z.csv`. */
const rotatedEnd = /^\.\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z\.csv$/
/** What was cut off its end, from this byte on: `results.cut-off-at-4711.csv`, `results.cut-off-at-4711-2.csv`. */
const cutOffEnd = /^\.cut-off-at-\d+(?:-\d+)?\.csv$/

/**
 * The files of a folder that the reader wrote, by their names alone. A result is known by its positions; `results.csv` is
 * the reader's even if they are gone.
 */
export const listWrittenByReader = (names: readonly string[]): readonly string[] => {
  const results = names.filter((name) => name.endsWith(positionsEnd)).map((name) => name.slice(0, -positionsEnd.length))
  return names.filter((name) => ['results', ...results].some((result) => isOfResult(name, result)))
}

const isOfResult = (name: string, result: string): boolean => {
  if (!name.startsWith(result)) return false
  const end = name.slice(result.length)
  return companionEnds.includes(end) || rotatedEnd.test(end) || cutOffEnd.test(end)
}

/** Removes what the reader wrote for any pipeline, and folders that nothing else is in. Says what it removed. */
export const removeResults = async (resultsDir: string): Promise<readonly string[]> => {
  const entries = await readdir(resultsDir, { withFileTypes: true }).catch(() => [])
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(resultsDir, name))
  const removed: string[] = []
  for (const folder of folders) removed.push(...(await removeResultsIn(folder)))
  removed.push(...(await removeResultsIn(resultsDir)))
  await rmdir(resultsDir).catch(() => undefined)
  return removed
}

const removeResultsIn = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name)
  const removed = listWrittenByReader(files).map((name) => join(folder, name))
  for (const file of removed) await rm(file, { force: true })
  // Fails if something else is there, which is then left alone.
  if (removed.length > 0) await rmdir(folder).catch(() => undefined)
  return removed
}
