import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { ensureJars, withLock } from '../broker/jars.js'
import { StackError } from '../stack-error.js'

const run = promisify(execFile)

/** Where Flink is: its distribution from PyPI, and additional jars from Maven Central. */
export type FlinkFolders = { readonly distribution: string; readonly connectors: string }

export const planFlinkFolders = (folder: string): FlinkFolders => ({
  distribution: join(folder, 'distribution'),
  connectors: join(folder, 'connectors'),
})

export type FlinkJarsOptions = {
  /** The repository; its local/engine/ lists what to download. */
  readonly root: string
  readonly folder: string
  /** Receives a line if something has to be downloaded. */
  readonly say: (line: string) => void
}

/** Downloads Flink once, and again for another version. Several processes may call this at once. */
export const ensureFlink = async ({ root, folder, say }: FlinkJarsOptions): Promise<void> => {
  const { distribution, connectors } = planFlinkFolders(folder)
  await ensureJars({
    pom: join(root, 'local', 'engine', 'pom.xml'),
    folder: connectors,
    what: 'the connectors of Flink',
    say,
  })
  const requirements = join(root, 'local', 'engine', 'requirements.txt')
  const wanted = await readFile(requirements, 'utf8')
  const mark = join(distribution, 'requirements.txt')
  const isPresent = async (): Promise<boolean> => (await readFile(mark, 'utf8').catch(() => '')) === wanted
  if (await isPresent()) return
  await checkHashes(join(root, 'local', 'engine', 'jars.sha256'), connectors)
  await withLock(join(folder, '.fetching-flink'), async () => {
    if (await isPresent()) return
    say(`Fetching Flink into ${distribution} (once, about 330 MB)`)
    await fetchDistribution(requirements, wanted, distribution)
  })
}

/**
 * Checks the downloads of Maven against a file of sha256sum: a hash and a name on each line. pip checks its wheel
 * itself (local/engine/requirements.txt).
 */
const checkHashes = async (hashFile: string, folder: string): Promise<void> => {
  for (const line of (await readFile(hashFile, 'utf8')).trim().split('\n')) {
    const [expected = '', name = ''] = line.split(/\s+/)
    const found = createHash('sha256')
      .update(await readFile(join(folder, name)))
      .digest('hex')
    if (found === expected) continue
    await rm(folder, { recursive: true, force: true })
    throw new StackError(
      `Expected ${name} from Maven Central with SHA-256 ${expected}, got ${found}: it is removed again.`,
    )
  }
}

/** Extracts the jars from the wheel that pip has downloaded. */
const unpackScript = `
import os, sys, zipfile
wheel = [name for name in os.listdir('.') if name.endswith('.whl')][0]
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        folder, _, file = name.rpartition('/')
        if name.endswith('.jar') and (folder == 'pyflink/lib' or file.startswith('flink-sql-client')):
            target = os.path.join('lib' if folder == 'pyflink/lib' else 'opt', file)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with archive.open(name) as source, open(target, 'wb') as jar:
                while chunk := source.read(1 << 20): jar.write(chunk)
os.remove(wheel)
`

const fetchDistribution = async (requirements: string, text: string, folder: string): Promise<void> => {
  await mkdir(dirname(folder), { recursive: true })
  const draft = await mkdtemp(`${folder}.`)
  try {
    const options = { cwd: draft, env: { ...process.env, LC_ALL: 'C.UTF-8' } }
    const pip = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary', ':all:', '--require-hashes']
    await run('python3', [...pip, '--disable-pip-version-check', '-d', '.', '-r', requirements], options)
    await run('python3', ['-c', unpackScript], options)
    await writeFile(join(draft, 'requirements.txt'), text)
    await rm(folder, { recursive: true, force: true })
    // mkdtemp creates the folder for its owner only.
    await chmod(draft, 0o755)
    await rename(draft, folder)
  } catch (error) {
    throw new StackError(
      `Flink could not be fetched from PyPI, which takes Python 3 with pip (Debian, Ubuntu: apt install python3-pip; macOS: brew install python): ${outputOf(error)}`,
    )
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

const outputOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'stderr' in error && String(error.stderr) !== ''
    ? String(error.stderr).trim().split('\n').slice(-5).join('\n')
    : String(error)
