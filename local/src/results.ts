import { createReadStream } from 'node:fs'
import { readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'

/** The rows of results.csv: how many there are without the header, and the last of them. */
export type Results = { readonly count: number; readonly header: string; readonly last: readonly string[] }

const quote = 34
const newline = 10

/**
 * Splits CSV into rows as it comes, chunk by chunk. A newline within quotes belongs to its row (RFC 4180), and a quote
 * that is doubled within quotes changes the parity twice.
 */
export const createRowSplitter = (onRow: (row: Buffer) => void): ((chunk: Buffer) => void) => {
  let rest = Buffer.alloc(0)
  let isQuoted = false
  return (chunk) => {
    let start = 0
    for (let index = 0; index < chunk.length; index += 1) {
      const byte = chunk[index]
      if (byte === quote) isQuoted = !isQuoted
      else if (byte === newline && !isQuoted) {
        const row = chunk.subarray(start, index)
        onRow(rest.length === 0 ? row : Buffer.concat([rest, row]))
        rest = Buffer.alloc(0)
        start = index + 1
      }
    }
    rest = Buffer.concat([rest, chunk.subarray(start)])
  }
}

/** Reads results.csv to its end; undefined when there is none yet. A row that is still being written is left out. */
export const readResults = async (resultsDir: string, lastCount: number): Promise<Results | undefined> => {
  let header: Buffer | undefined
  let count = 0
  const last: Buffer[] = []
  const split = createRowSplitter((row) => {
    if (header === undefined) {
      header = row
      return
    }
    count += 1
    last.push(row)
    if (last.length > lastCount) last.shift()
  })
  try {
    for await (const chunk of createReadStream(join(resultsDir, 'results.csv'))) split(chunk as Buffer)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
  return { count, header: header?.toString() ?? '', last: last.map((row) => row.toString()) }
}

const ownNames: readonly string[] = [
  'results.csv',
  'results.positions.json',
  'results.positions.json.tmp',
  'results.lock',
  'results.lock.tmp',
]

/** A file that results.csv was rotated to: `results.2026-11-26T13-40-05.123Z.csv`. */
const rotatedName = /^results\.\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z\.csv$/
/** What was cut off its end, from this byte on: `results.cut-off-at-4711.csv`, `results.cut-off-at-4711-2.csv`. */
const cutOffName = /^results\.cut-off-at-\d+(?:-\d+)?\.csv$/

const isWrittenByReader = (name: string): boolean =>
  ownNames.includes(name) || rotatedName.test(name) || cutOffName.test(name)

const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT'

/** Removes what the reader wrote in its folder, and the folder itself if nothing else is in it. */
export const removeResults = async (resultsDir: string): Promise<readonly string[]> => {
  const entries = await readdir(resultsDir, { withFileTypes: true }).catch(() => [])
  const removed = entries
    .filter((entry) => !entry.isDirectory() && isWrittenByReader(entry.name))
    .map(({ name }) => join(resultsDir, name))
  for (const file of removed) await rm(file, { force: true })
  await rmdir(resultsDir).catch(() => undefined)
  return removed
}
