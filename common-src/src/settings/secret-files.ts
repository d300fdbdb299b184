import { readFileSync } from 'node:fs'
import { messageOf } from '../errors.js'
import type { Environment, SettingsTable } from './settings.js'

/**
 * Fills in secrets from the files that `NAME_FILE` variables name; the trailing line break of a file is no part of the
 * secret. A name that is set both ways, or a file that cannot be read, is a fault.
 */
export const readSecretFiles = (
  table: SettingsTable,
  environment: Environment,
): { readonly environment: Environment; readonly faults: readonly string[] } => {
  const filled: Record<string, string | undefined> = { ...environment }
  const faults: string[] = []
  for (const { name, secret } of Object.values(table)) {
    const path = environment[`${name}_FILE`]
    if (!secret || !path) continue
    if (environment[name]) {
      faults.push(`${name}_FILE: expected either ${name} or ${name}_FILE, got both`)
      continue
    }
    try {
      filled[name] = readFileSync(path, 'utf8').replace(/\r?\n$/, '')
    } catch (error) {
      faults.push(`${name}_FILE: expected a readable file, got ${messageOf(error)}`)
    }
  }
  return { environment: filled, faults }
}
