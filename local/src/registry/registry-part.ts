import { mkdirSync } from 'node:fs'
import { setTimeout as sleepFor } from 'node:timers/promises'
import type { Folders } from '../folders.js'
import { readLastLines } from '../log-file.js'
import type { Part } from '../part.js'
import { logFileOf } from '../part-control.js'
import { StackError } from '../stack-error.js'
import { planRegistryAccess } from './registry-access.js'
import { planRegistryCommand } from './registry-command.js'
import { ensureRegistryJars } from './registry-jars.js'
import { ensureRegistryJava } from './registry-java.js'
import { probeRegistry } from './registry-probe.js'

/** Downloads the missing parts of the registry; resolves to the command of its Java. */
export const ensureRegistry = async (folders: Folders, say: (line: string) => void): Promise<string> => {
  await ensureRegistryJars({ folder: folders.registryJars, say })
  mkdirSync(folders.registry, { recursive: true })
  return ensureRegistryJava({ root: folders.root, folder: folders.registryJava, say })
}

export const planRegistryPart = (
  folders: Folders,
  { java, port, isSecure }: { readonly java: string; readonly port: number; readonly isSecure: boolean },
): Part => {
  const { command, args, cwd, environment } = planRegistryCommand({
    java,
    jars: folders.registryJars,
    data: folders.registry,
    port,
    accessFile: isSecure ? planRegistryAccess(folders.secure).propertiesFile : undefined,
  })
  return {
    name: 'registry',
    kind: 'registry',
    command,
    args,
    workingFolder: cwd,
    environment,
    port,
    portSetting: 'REGISTRY_PORT',
    hasEnd: false,
  }
}

const startMs = 120_000
const lookMs = 200

/** Waits until the registry serves requests; after two minutes it fails with the end of the registry's log. */
export const waitForRegistry = async (folders: Folders, port: number): Promise<void> => {
  const deadlineMs = performance.now() + startMs
  for (;;) {
    const probe = await probeRegistry(port)
    if (probe.ok) return
    if (performance.now() > deadlineMs) {
      const logFile = logFileOf(folders, 'registry')
      const lines = await readLastLines(logFile, 20)
      throw new StackError(
        `registry is not healthy after ${startMs / 1000} s: ${probe.reason}. The end of ${logFile}:\n${lines.join('\n')}`,
      )
    }
    await sleepFor(lookMs)
  }
}
