import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Folders } from './folders.js'
import { describeFailure } from './peer-environment.js'

const run = promisify(execFile)

/** A PyPI package with its version. */
export type PythonPackage = { readonly name: string; readonly version: string }

export const pythonOf = ({ name }: PythonPackage, { data }: Folders): string =>
  join(data, `${name}-venv`, 'bin', 'python')

/** Installs the package into a separate virtual environment, once. */
export const preparePython =
  (wanted: PythonPackage) =>
  async (folders: Folders, say: (line: string) => void): Promise<string | undefined> => {
    const { name, version } = wanted
    const python = pythonOf(wanted, folders)
    try {
      if (!existsSync(python)) await run('python3', ['-m', 'venv', join(folders.data, `${name}-venv`)])
      const isThere = await run(python, ['-m', 'pip', 'show', '-q', name]).catch(() => undefined)
      if (!isThere) {
        say(`installing ${name} ${version} into a virtual environment (once)`)
        await run(python, ['-m', 'pip', 'install', '-q', `${name}==${version}`])
      }
      return undefined
    } catch (error) {
      return describeFailure(error)
    }
  }
