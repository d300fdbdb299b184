import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isUtf8 } from 'node:buffer'
import { messageOf, SettingsError } from '@kafka-etl/common'

/** The lines of a file without their line breaks. An empty last line does not count. */
export type TextLines = {
  readonly path: string
  readonly length: number
  readonly at: (index: number) => string
  /** The SHA-256 of the file's contents, in hex. */
  readonly sha256: string
}

const newline = 0x0a
const carriageReturn = 0x0d

/**
 * Reads the file into memory. It is a fault of the settings if the file is unreadable, has no line, or is not UTF-8.
 */
export const readTextLines = (path: string, setting: string): TextLines => {
  const bytes = readBytes(path, setting)
  if (!isUtf8(bytes)) throw new SettingsError(`${setting}: expected UTF-8, got other bytes in ${path}`)
  const ends: number[] = []
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) ends.push(at)
  if ((ends.at(-1) ?? -1) + 1 < bytes.length) ends.push(bytes.length)
  if (ends.length === 0) throw new SettingsError(`${setting}: expected at least one line, got an empty file, ${path}`)
  return {
    path,
    length: ends.length,
    at: (index) => {
      const end = ends[index] ?? 0
      const start = index === 0 ? 0 : (ends[index - 1] ?? 0) + 1
      return bytes.toString('utf8', start, end > start && bytes[end - 1] === carriageReturn ? end - 1 : end)
    },
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }
}

const readBytes = (path: string, setting: string): Buffer => {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new SettingsError(`${setting}: expected a readable file, got ${messageOf(error)}`)
  }
}
