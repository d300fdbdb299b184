import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { repositoryRoot } from '../support/repository.js'

const run = promisify(execFile)
const options = { maxBuffer: 64 * 1024 * 1024 }

/** How a command ended, and everything that it printed. */
export type Outcome = { readonly code: number; readonly output: string }

type Failure = { readonly code: number; readonly stdout: string; readonly stderr: string }

/** A built copy of the repository, to be broken. */
export type ScratchCopy = {
  readonly folder: string
  readonly apply: (patchFile: string) => Promise<void>
  readonly takeBack: (patchFile: string) => Promise<void>
  readonly build: () => Promise<void>
  readonly runTest: (lane: string, path: string, titles: string | undefined) => Promise<Outcome>
  readonly remove: () => Promise<void>
}

/**
 * Copies the working tree with everything built and installed. node_modules is copied by hard links: `git apply`
 * replaces a file that it changes, and the original stays intact.
 */
export const createScratchCopy = async (): Promise<ScratchCopy> => {
  const folder = await mkdtemp(join(tmpdir(), 'kafka-etl-guards-'))
  const leftOut = ['.git', '.data*', 'results', 'node_modules', '.vite'].map((name) => `--exclude=./${name}`)
  const copy = `tar -cf - ${leftOut.map((option) => `'${option}'`).join(' ')} . | tar -xf - -C "$1" && cp -al node_modules "$1"`
  await run('sh', ['-c', copy, 'copy', folder], { ...options, cwd: repositoryRoot })
  const inCopy = { ...options, cwd: folder }
  const node = join(folder, 'node_modules', '.bin', 'node')
  return {
    folder,
    apply: async (patchFile) => {
      await run('git', ['apply', patchFile], inCopy)
    },
    takeBack: async (patchFile) => {
      await run('git', ['apply', '--reverse', patchFile], inCopy)
    },
    build: async () => {
      await run(node, [join('node_modules', 'typescript', 'bin', 'tsc'), '-b'], inCopy)
      await run(node, ['bundle.js'], inCopy)
    },
    runTest: async (lane, path, titles) => {
      // Whatever a failed test leaves open would keep the run from ending.
      const select = ['--selectProjects', lane, '--runInBand', '--forceExit', '--testPathPatterns', path]
      const args = [join('node_modules', 'jest', 'bin', 'jest.js'), ...select]
      const titled = titles === undefined ? [] : ['--testNamePattern', titles]
      return run(node, [...args, ...titled], inCopy).then(
        ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
        (error: unknown) => {
          const { code, stdout, stderr } = error as Failure
          return { code, output: stdout + stderr }
        },
      )
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
