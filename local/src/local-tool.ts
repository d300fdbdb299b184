import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { planJavaCommand, smallJvm } from './broker/java-command.js'
import { toolLog4jName } from './broker/log4j-properties.js'
import { readBrokerCa } from './broker-files.js'
import type { Folders } from './folders.js'
import { planToolCall } from './kafka-tools.js'
import { planSecureFolder } from './secure/credentials.js'
import { StackError } from './stack-error.js'
import type { StackSettings } from './stack-settings.js'

/** Runs one of Kafka's tools from the stack's jars, in this terminal; resolves to its exit code. */
export const runLocalTool = (
  { folders, settings }: { readonly folders: Folders; readonly settings: StackSettings },
  name: string,
  args: readonly string[],
): Promise<number> => {
  if (!existsSync(join(folders.config, 'kafka.properties'))) {
    throw new StackError('There is no Kafka yet: `make` starts the stack.')
  }
  const folder = chooseWorkingFolder(folders)
  const isSecure = readBrokerCa(folders) !== undefined
  const clientFile = isSecure ? relative(folder, planSecureFolder(folders.secure).adminClientFile) : undefined
  const call = planToolCall(name, args, { bootstrap: `localhost:${settings.kafkaPort}`, clientFile })
  const {
    command,
    args: javaArgs,
    cwd,
    environment,
  } = planJavaCommand({
    folder,
    jars: folders.jars,
    options: [...smallJvm(256), `-Dlog4j.configuration=${pathToFileURL(join(folders.config, toolLog4jName)).href}`],
    mainClass: call.mainClass,
    args: call.args,
  })
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...javaArgs], { cwd, env: { ...process.env, ...environment }, stdio: 'inherit' })
    child.once('error', (error) => reject(new StackError(`java could not be run: ${error.message}`)))
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

/**
 * The user's current folder, since arguments may name files; unless a colon in a path would split the class path there.
 */
const chooseWorkingFolder = ({ root, data, jars }: Folders): string =>
  relative(root, jars).includes(':') ? data : root
