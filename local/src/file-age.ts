import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** When anything in a folder was last written, ms since 1970; 0 if the folder does not exist. */
export const newestModification = (folder: string): number => {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce(
      (newest, file) => Math.max(newest, statSync(join(folder, file)).mtimeMs),
      0,
    )
  } catch {
    return 0
  }
}

/** The text of a file; empty if it does not exist. */
export const readIfPresent = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
