import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort, startServer, type Server } from '@kafka-etl/local/broker'
import {
  ensureRegistryAccess,
  ensureRegistryJars,
  ensureRegistryJava,
  planRegistryCommand,
  probeRegistry,
  registryUrlOf,
  registryUser,
  registryVersion,
} from '@kafka-etl/local/registry'
import { endAfterTests } from '../leftovers.js'
import { cacheFolder, repositoryRoot } from '../repository.js'

export type TestRegistry = Server & { readonly url: string; readonly username: string; readonly password: string }

/** The registry of the stack with separate schemas. `secure`: it requires a password, as with SECURE. */
export const startRegistry = async (
  { secure }: { readonly secure: boolean } = { secure: false },
): Promise<TestRegistry> => {
  const say = (): void => undefined
  const jars = join(cacheFolder, `registry-${registryVersion}`)
  await ensureRegistryJars({ folder: jars, say })
  const java = await ensureRegistryJava({ root: repositoryRoot, folder: join(cacheFolder, 'registry-java'), say })
  const data = await mkdtemp(join(tmpdir(), 'kafka-etl-registry-'))
  endAfterTests(() => rm(data, { recursive: true, force: true }))
  const port = await findFreePort()
  const access = secure ? ensureRegistryAccess(data, 0o600) : undefined
  const server = await startServer({
    name: 'registry',
    ...planRegistryCommand({ java, jars, data, port, accessFile: access?.propertiesFile }),
    logFile: join(data, 'registry.log'),
    isReady: async () => (await probeRegistry(port)).ok,
    deadlineMs: 120_000,
  })
  endAfterTests(() => server.stop())
  return {
    ...server,
    url: registryUrlOf(port),
    username: access ? registryUser : '',
    password: access ? await readFile(access.passwordFile, 'utf8') : '',
  }
}
