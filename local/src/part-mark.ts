import { join } from 'node:path'
import type { Environment } from '@kafka-etl/common'
import { formatBrokerFiles } from './broker-files.js'
import { formatEngineFiles } from './engine/engine-parts.js'
import { newestModification, readIfPresent } from './file-age.js'
import { fingerprint } from './fingerprint.js'
import type { Folders } from './folders.js'
import { isFlink, isService, type Part } from './part.js'
import type { RuntimeContext } from './runtime.js'
import { planSecureFolder } from './secure/credentials.js'
import type { StackPipeline } from './stack-pipeline.js'
import type { StackSettings } from './stack-settings.js'

/** The fingerprint of a part, including its code: a rebuilt service is restarted. */
export const markOf = (
  { folders, settings, dotenv }: Pick<RuntimeContext, 'folders' | 'settings' | 'dotenv'>,
  pipeline: StackPipeline,
  part: Part,
  environment: Environment,
): string => {
  const command = [part.command, ...part.args, part.workingFolder]
  if (isFlink(part.kind)) {
    const files = Object.values(formatEngineFiles(folders, settings, pipeline.name))
    return fingerprint(command, [...files, caOf(folders, settings)], {})
  }
  if (part.kind === 'registry') return fingerprint([...command, JSON.stringify(part.environment)], [], {})
  if (!isService(part.kind)) {
    return fingerprint(
      command,
      [
        ...Object.values(formatBrokerFiles(folders, settings)),
        readIfPresent(join(folders.jars, 'pom.xml')),
        caOf(folders, settings),
        // ZooKeeper's login of Flink.
        readIfPresent(planSecureFolder(folders.secure).zookeeperServerFile),
      ],
      {},
    )
  }
  const code = [join('common-src', 'dist'), join(`${part.kind}-src`, 'dist'), join('pipelines', pipeline.name)].map(
    (folder) => newestModification(join(folders.root, folder)),
  )
  const variables = { ...dotenv, ...environment, ...part.environment }
  return fingerprint(command, [...code.map(String), caOf(folders, settings)], variables, pipeline.settingNames)
}

/** A restart applies new certificates. */
const caOf = ({ secure }: Folders, settings: StackSettings): string =>
  settings.secure ? readIfPresent(planSecureFolder(secure).caFile) : ''
