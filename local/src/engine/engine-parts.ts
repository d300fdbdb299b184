import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { engineUser } from '@kafka-etl/kafka'
import type { JavaCommand } from '../broker/java-command.js'
import type { Folders } from '../folders.js'
import type { Part } from '../part.js'
import { isZookeeperGuarded, planSecureFolder } from '../secure/credentials.js'
import { clientEnvironment } from '../secure/prepare-access.js'
import type { StackSettings } from '../stack-settings.js'
import { planGatewayCommand, planJobManagerCommand, planTaskManagerCommand, type FlinkSite } from './flink-commands.js'
import { formatFlinkConfig, formatFlinkLog4j } from './flink-config.js'

const planSite = (folders: Folders, settings: StackSettings): FlinkSite => ({
  folder: folders.data,
  jars: folders.flink,
  config: join(folders.config, 'engine'),
  zookeeperJaas: isZookeeperGuarded(folders.secure, settings)
    ? planSecureFolder(folders.secure).zookeeperFlinkFile
    : undefined,
})

/** JobManager, TaskManagers and the service that submits the jobs; the SQL gateway is that service's own child. */
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
    // Its ports are whichever are free: nobody but Flink asks for them.
    ...taskManagers.map((name) => ({ ...javaPart('taskmanager', name, planTaskManagerCommand(site, name)), port: 0 })),
    {
      name: 'engine',
      kind: 'engine',
      command: node,
      args: [join(folders.root, 'engine-src', 'dist', 'main.js')],
      workingFolder: folders.root,
      environment: {
        PIPELINE: pipeline,
        KAFKA_BROKERS: `localhost:${settings.kafkaPort}`,
        HTTP_PORT: String(settings.engineHttpPort),
        ENGINE_REST_URL: `http://127.0.0.1:${settings.enginePort}`,
        ENGINE_GATEWAY_COMMAND: JSON.stringify(planGatewayCommand(site)),
        ENGINE_STATE_DIR: folders.engine,
        ...(settings.secure
          ? {
              ...clientEnvironment(planSecureFolder(folders.secure), engineUser),
              // Relative to Flink's working folder: a colon in a path would end it.
              ENGINE_SECRETS_DIR: relative(folders.data, folders.secure),
            }
          : {}),
        // For the SQL gateway, its child.
        ...planJobManagerCommand(site).environment,
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

/** Flink's configuration, by file name. */
export const formatEngineFiles = (
  folders: Folders,
  settings: StackSettings,
  pipeline: string,
): Record<string, string> => ({
  'config.yaml': formatFlinkConfig({
    restPort: settings.enginePort,
    zookeeperPort: settings.zookeeperPort,
    pipeline,
    stateDir: join(folders.engine, pipeline),
    temporaryDir: relative(folders.data, join(folders.engine, 'tmp')),
    isZookeeperGuarded: isZookeeperGuarded(folders.secure, settings),
  }),
  'log4j.properties': formatFlinkLog4j('INFO'),
  'gateway-log4j.properties': formatFlinkLog4j('WARN'),
})

export const writeEngineFiles = (folders: Folders, settings: StackSettings, pipeline: string): void => {
  const folder = planSite(folders, settings).config
  for (const needed of [folder, join(folders.engine, 'tmp')]) mkdirSync(needed, { recursive: true })
  // Its checkpoints hold records.
  if (settings.secure) chmodSync(folders.engine, 0o700)
  for (const [name, content] of Object.entries(formatEngineFiles(folders, settings, pipeline)))
    writeFileSync(join(folder, name), content)
}
