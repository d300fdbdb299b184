import { createReadStream } from 'node:fs'

/** The rows of a result: their number without the header, and the last of them. */
export type Results = { readonly count: number; readonly header: string; readonly last: readonly string[] }

const quote = 34
const newline = 10

/**
 * Splits CSV into rows, chunk by chunk. A newline within quotes belongs to its row (RFC 4180), and a doubled quote
 * within quotes changes the parity twice.
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

/** Reads a result's file to its end; undefined if there is none yet. Skips a row that is still being written. */
export const readResults = async (path: string, lastCount: number): Promise<Results | undefined> => {
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
    for await (const chunk of createReadStream(path)) split(chunk as Buffer)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
  return { count, header: header?.toString() ?? '', last: last.map((row) => row.toString()) }
}

const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT'
