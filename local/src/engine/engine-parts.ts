import { chmodSync, mkdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { engineUser } from '@kafka-etl/kafka'
import type { JavaCommand } from '../broker/java-command.js'
import type { Folders } from '../folders.js'
import type { Part } from '../part.js'
import { isZookeeperGuarded, planSecureFolder } from '../secure/credentials.js'
import { clientEnvironment } from '../secure/prepare-access.js'
import type { StackSettings } from '../stack-settings.js'
import { planEngineEnvironment } from './engine-environment.js'
import { planJobManagerCommand, planTaskManagerCommand, type FlinkSite } from './flink-commands.js'
import type { FlinkConfigOptions } from './flink-config.js'
import { formatFlinkFiles, writeFlinkFiles } from './flink-files.js'

const planSite = (folders: Folders, settings: StackSettings): FlinkSite => ({
  folder: folders.data,
  jars: folders.flink,
  config: join(folders.config, 'engine'),
  zookeeperJaas: isZookeeperGuarded(folders.secure, settings)
    ? planSecureFolder(folders.secure).zookeeperFlinkFile
    : undefined,
})

/** JobManager, TaskManagers and the service that submits the jobs. The SQL gateway is a child of that service. */
export const planEngineParts = (
  node: string,
  folders: Folders,
  settings: StackSettings,
  pipeline: string,
): readonly Part[] => {
  const site = planSite(folders, settings)
  const taskManagers = Array.from({ length: settings.taskManagers }, (_, index) => `taskmanager-${index + 1}`)
  return [
    { ...javaPart('jobmanager', 'jobmanager', planJobManagerCommand(site)), port: settings.enginePort },
    // Any free ports will do: only Flink uses them.
    ...taskManagers.map((name) => ({ ...javaPart('taskmanager', name, planTaskManagerCommand(site, name)), port: 0 })),
    {
      name: 'engine',
      kind: 'engine',
      command: node,
      args: [join(folders.root, 'engine-src', 'dist', 'main.js')],
      workingFolder: folders.root,
      environment: {
        ...planEngineEnvironment(site, {
          pipeline,
          bootstrap: `localhost:${settings.kafkaPort}`,
          httpPort: settings.engineHttpPort,
          restPort: settings.enginePort,
          stateDir: folders.engine,
        }),
        ...(settings.secure
          ? {
              ...clientEnvironment(planSecureFolder(folders.secure), engineUser),
              // Relative to Flink's working folder: a colon in a path would end it.
              ENGINE_SECRETS_DIR: relative(folders.data, folders.secure),
            }
          : {}),
      },
      port: settings.engineHttpPort,
      portSetting: 'ENGINE_HTTP_PORT',
      hasEnd: false,
    },
  ]
}

const javaPart = (
  kind: 'jobmanager' | 'taskmanager',
  name: string,
  { command, args, cwd, environment }: JavaCommand,
): Omit<Part, 'port'> => ({
  name,
  kind,
  command,
  args,
  workingFolder: cwd,
  environment,
  portSetting: 'ENGINE_PORT',
  hasEnd: false,
})

const planConfig = (folders: Folders, settings: StackSettings, pipeline: string): FlinkConfigOptions => ({
  restPort: settings.enginePort,
  zookeeperPort: settings.zookeeperPort,
  pipeline,
  stateDir: join(folders.engine, pipeline),
  temporaryDir: relative(folders.data, join(folders.engine, 'tmp')),
  isZookeeperGuarded: isZookeeperGuarded(folders.secure, settings),
})

/** Flink's configuration, by file name. */
export const formatEngineFiles = (
  folders: Folders,
  settings: StackSettings,
  pipeline: string,
): Readonly<Record<string, string>> => formatFlinkFiles(planConfig(folders, settings, pipeline))

export const writeEngineFiles = (folders: Folders, settings: StackSettings, pipeline: string): void => {
  mkdirSync(join(folders.engine, 'tmp'), { recursive: true })
  // Its checkpoints contain records.
  if (settings.secure) chmodSync(folders.engine, 0o700)
  writeFlinkFiles(planSite(folders, settings).config, planConfig(folders, settings, pipeline))
}
