import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort, startServer, type Server } from '@kafka-etl/local/broker'
import {
  ensureRegistryJars,
  ensureRegistryJava,
  planRegistryCommand,
  probeRegistry,
  registryUrlOf,
  registryVersion,
} from '@kafka-etl/local/registry'
import { endAfterTests } from '../leftovers.js'
import { cacheFolder, repositoryRoot } from '../repository.js'

export type TestRegistry = Server & { readonly url: string }

/** The registry of the stack, with schemas of its own. */
export const startRegistry = async (): Promise<TestRegistry> => {
  const say = (): void => undefined
  const jars = join(cacheFolder, `registry-${registryVersion}`)
  await ensureRegistryJars({ folder: jars, say })
  const java = await ensureRegistryJava({ root: repositoryRoot, folder: join(cacheFolder, 'registry-java'), say })
  const data = await mkdtemp(join(tmpdir(), 'kafka-etl-registry-'))
  endAfterTests(() => rm(data, { recursive: true, force: true }))
  const port = await findFreePort()
  const server = await startServer({
    name: 'registry',
    ...planRegistryCommand({ java, jars, data, port }),
    logFile: join(data, 'registry.log'),
    isReady: async () => (await probeRegistry(port)).ok,
    deadlineMs: 120_000,
  })
  endAfterTests(() => server.stop())
  return { ...server, url: registryUrlOf(port) }
}
