import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Environment } from '@kafka-etl/common'
import type { Folders } from './folders.js'
import { StackError } from './stack-error.js'

export type RotateOptions = {
  readonly node: string
  readonly folders: Folders
  readonly pipelineName: string
  readonly environment: Environment
}

/**
 * Rotates the results of the running pipeline with the admin command: it asks the reader, in a container or not, or
 * does it itself if there is none. Resolves to its exit code.
 */
export const rotateResults = ({ node, folders, pipelineName, environment }: RotateOptions): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(node, [join(folders.root, 'admin-src', 'dist', 'main.js'), 'rotate'], {
      cwd: folders.root,
      env: { ...environment, PIPELINE: pipelineName, RESULTS_DIR: folders.results },
      stdio: 'inherit',
    })
    child.once('error', (error) => reject(new StackError(`The admin commands could not be run: ${error.message}`)))
    child.once('exit', (code) => resolve(code ?? 1))
  })
