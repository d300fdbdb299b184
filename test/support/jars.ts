import { ensureJars } from '@kafka-etl/local/broker'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder, repositoryRoot } from './repository.js'

/** Kafka 3.9 runs with ZooKeeper, 4.1 with KRaft. */
export const flavours = ['3.9', '4.1'] as const
export type Flavour = (typeof flavours)[number]

/** 3.9 is the release of the stack; the oracle uses its Java client, too. */
const poms: Readonly<Record<Flavour, string>> = {
  '3.9': join(repositoryRoot, 'local', 'pom.xml'),
  '4.1': join(repositoryRoot, 'test', 'support', 'pom-4.1.xml'),
}

/**
 * The folder of a flavour's jars. Maven downloads them the first time, and to another folder after the pom has changed.
 */
export const resolveJars = async (flavour: Flavour): Promise<string> => {
  const pom = poms[flavour]
  const version = createHash('sha256')
    .update(await readFile(pom))
    .digest('hex')
    .slice(0, 8)
  const folder = join(cacheFolder, `kafka-${flavour}-${version}`)
  await ensureJars({ pom, folder, say: () => undefined })
  return folder
}
