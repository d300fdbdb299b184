import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile, chmod } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { withLock } from '../broker/jars.js'
import { StackError } from '../stack-error.js'

const run = promisify(execFile)

export const registryVersion = '3.3.3'
const archiveSha256 = '8bc6751c76d963734224b01d5e7f84ccb3cb61c87d3bd77c36c35f10a5cbed63'
const artifact = `io.apicurio:apicurio-registry-app:${registryVersion}:tar.gz:all`
const archiveName = `apicurio-registry-app-${registryVersion}-all.tar.gz`

export type RegistryJarsOptions = {
  readonly folder: string
  /** Receives a line if something has to be downloaded. */
  readonly say: (line: string) => void
}

/**
 * Downloads Apicurio Registry from Maven Central once, and again for another version. Several processes may call this
 * at once.
 */
export const ensureRegistryJars = async ({ folder, say }: RegistryJarsOptions): Promise<void> => {
  const isPresent = async (): Promise<boolean> =>
    (await readFile(join(folder, 'sha256'), 'utf8').catch(() => '')) === archiveSha256
  if (await isPresent()) return
  await mkdir(dirname(folder), { recursive: true })
  await withLock(join(dirname(folder), '.fetching-registry'), async () => {
    if (await isPresent()) return
    say(`Fetching the Schema Registry (Apicurio ${registryVersion}) into ${folder} (once, about 160 MB)`)
    await fetchArchive(folder)
  })
}

const fetchArchive = async (folder: string): Promise<void> => {
  const draft = await mkdtemp(`${folder}.`)
  try {
    const options = { cwd: draft, env: { ...process.env, LC_ALL: 'C.UTF-8' } }
    // Its parent project is not on Maven Central: no project can depend on it, but `get` and `copy` work.
    await run('mvn', ['-q', '-B', 'dependency:get', `-Dartifact=${artifact}`, '-Dtransitive=false'], options)
    const copy = ['-q', '-B', 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy', `-Dartifact=${artifact}`]
    await run('mvn', [...copy, '-DoutputDirectory=.'], options)
    const archive = join(draft, archiveName)
    const found = await hashOf(archive)
    if (found !== archiveSha256) {
      throw new StackError(`Expected ${archiveName} with SHA-256 ${archiveSha256}, got ${found}: it is not used.`)
    }
    await run('tar', ['xzf', archiveName], options)
    await rm(archive)
    await writeFile(join(draft, 'sha256'), archiveSha256)
    await rm(folder, { recursive: true, force: true })
    // mkdtemp creates the folder for its owner only.
    await chmod(draft, 0o755)
    await rename(draft, folder)
  } catch (error) {
    if (error instanceof StackError) throw error
    throw new StackError(`Maven could not fetch ${artifact}: ${String(error)}`)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

const hashOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
