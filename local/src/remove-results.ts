import { readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { findResultFiles } from '@kafka-etl/pipeline'

/** Removes what the reader wrote for any pipeline, and folders that become empty. Returns what it removed. */
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
  const removed = findResultFiles(files).map((name) => join(folder, name))
  for (const file of removed) await rm(file, { force: true })
  // Fails if the folder contains anything else, which is then left alone.
  if (removed.length > 0) await rmdir(folder).catch(() => undefined)
  return removed
}
