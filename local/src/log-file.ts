import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleepFor } from 'node:timers/promises'
import { kindOf } from './part.js'

const largestReadBytes = 256 * 1024
const lookMs = 250
const linesBefore = 20
const newline = 10

/** The last lines of a file; none if it does not exist. */
export const readLastLines = async (file: string, count: number): Promise<readonly string[]> =>
  (await readWholeLines(file, 'tail')).lines.slice(-count)

export type FollowOptions = {
  readonly folder: string
  /** A kind of part (`etl`), one part (`etl-2`), or undefined for all. */
  readonly service: string | undefined
  readonly stopping: AbortSignal
  readonly print: (line: string) => void
}

/**
 * Prints the last lines of each part's log and then everything that is appended, until `stopping`. Each line begins
 * with its part's name. Parts that start later are included, too.
 */
export const followLogFiles = async ({ folder, service, stopping, print }: FollowOptions): Promise<void> => {
  const positions = new Map<string, number>()
  while (!stopping.aborted) {
    const parts = (await listLoggedParts(folder)).filter((part) => matchesService(part, service))
    const width = Math.max(0, ...parts.map((part) => part.length))
    for (const part of parts) {
      const position = positions.get(part)
      const read = await readWholeLines(join(folder, `${part}.log`), position ?? 'tail')
      positions.set(part, read.end)
      const lines = position === undefined ? read.lines.slice(-linesBefore) : read.lines
      for (const line of lines) print(`${part.padEnd(width)} | ${line}`)
    }
    await sleepFor(lookMs, undefined, { signal: stopping }).catch(() => undefined)
  }
}

/** Every part that has a log. */
export const listLoggedParts = async (folder: string): Promise<readonly string[]> => {
  const files = await readdir(folder).catch(() => [])
  return files
    .filter((file) => file.endsWith('.log'))
    .map((file) => file.slice(0, -'.log'.length))
    .toSorted()
}

export const matchesService = (part: string, service: string | undefined): boolean =>
  service === undefined || part === service || kindOf(part) === service

/** The complete lines from a position on, or near the end, and where the first incomplete line begins. */
const readWholeLines = async (
  file: string,
  from: number | 'tail',
): Promise<{ readonly lines: readonly string[]; readonly end: number }> => {
  const handle = await open(file).catch(() => undefined)
  if (!handle) return { lines: [], end: 0 }
  try {
    const { size } = await handle.stat()
    const wanted = from === 'tail' ? Math.max(0, size - largestReadBytes) : from
    // A file that is shorter than what was read has been truncated: start over.
    const start = wanted > size ? 0 : wanted
    const buffer = Buffer.alloc(Math.min(size - start, largestReadBytes))
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, start)
    const whole = buffer.subarray(0, buffer.subarray(0, bytesRead).lastIndexOf(newline) + 1)
    return { lines: whole.toString('utf8').split('\n').slice(0, -1), end: start + whole.length }
  } finally {
    await handle.close()
  }
}
