import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fillOnce } from './jars.js'
import { cacheFolder, repositoryRoot } from './repository.js'

const run = promisify(execFile)

/**
 * The folder of the classes of `test/support/<folder>/*.java`, compiled against the jars the first time and whenever a
 * source has changed.
 */
export const compileJava = async (folder: string, jars: string): Promise<string> => {
  const sources = join(repositoryRoot, 'test', 'support', folder)
  const files = (await readdir(sources)).filter((file) => file.endsWith('.java')).map((file) => join(sources, file))
  const hash = createHash('sha256')
  for (const file of files.toSorted()) hash.update(await readFile(file))
  const classes = join(cacheFolder, `${folder}-${hash.digest('hex').slice(0, 8)}`)
  await fillOnce(classes, async (draft) => {
    await run('javac', ['-d', draft, '-cp', `${jars}/*`, ...files])
  })
  return classes
}
