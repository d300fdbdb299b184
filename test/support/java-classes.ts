import { withLock } from '@kafka-etl/local/broker'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { cacheFolder, repositoryRoot } from './repository.js'

const run = promisify(execFile)

/**
 * The folder of the classes of `test/support/<folder>/*.java`, compiled against the jars the first time and after a
 * source has changed.
 */
export const compileJava = async (folder: string, jars: string): Promise<string> => {
  const sources = join(repositoryRoot, 'test', 'support', folder)
  const files = (await readdir(sources)).filter((file) => file.endsWith('.java')).map((file) => join(sources, file))
  const hash = createHash('sha256')
  for (const file of files.toSorted()) hash.update(await readFile(file))
  const classes = join(cacheFolder, `${folder}-${hash.digest('hex').slice(0, 8)}`)
  await mkdir(dirname(classes), { recursive: true })
  await withLock(`${classes}.lock`, async () => {
    if (existsSync(classes)) return
    const draft = await mkdtemp(`${classes}.`)
    await run('javac', ['-d', draft, '-cp', `${jars}/*`, ...files])
    // Atomically: another run never sees half of it.
    await rename(draft, classes)
  })
  return classes
}
