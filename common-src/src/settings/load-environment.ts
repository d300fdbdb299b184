import { existsSync, readFileSync } from 'node:fs'
import { parse as parseDotenv } from 'dotenv'
import type { CommonSettings } from './common-settings.js'
import { findContradictions } from './contradictions.js'
import { messageOf } from '../errors.js'
import { guardedNames, guardedPrefixes } from './service-settings.js'
import {
  loadSettings,
  type Environment,
  type LoadedSettings,
  type LoadOptions,
  type SettingsTable,
} from './settings.js'

/** The variables of the process, then those of `.env` in the working folder. A `.env` that cannot be read has none. */
export const readVariables = (processEnvironment: Environment): Environment => ({
  ...readDotenv().environment,
  ...processEnvironment,
})

export type LoadEnvironmentOptions<Table extends SettingsTable> = Pick<
  LoadOptions<Table>,
  'isKnownElsewhere' | 'findContradictions'
>

/**
 * The settings of `table` from the environment, then `.env` of the working folder, then the files of secrets.
 * `isKnownElsewhere` is asked for a guarded name that neither the table nor a service has; what `findContradictions` says
 * joins what is said of the common settings.
 */
export const loadEnvironment = <Table extends SettingsTable>(
  table: Table,
  processEnvironment: Environment,
  options: LoadEnvironmentOptions<Table> = {},
): LoadedSettings<Table> => {
  const dotenv = readDotenv()
  const { environment, faults } = readSecretFiles(table, { ...dotenv.environment, ...processEnvironment })
  const loaded = loadSettings(table, environment, {
    prefixes: guardedPrefixes,
    knownNames: [...guardedNames, ...Object.values(table).map(({ name }) => name)],
    isKnownElsewhere: options.isKnownElsewhere,
    findContradictions: (values) => [
      ...findContradictions(values as Partial<CommonSettings>),
      ...(options.findContradictions?.(values) ?? []),
    ],
  })
  const ofFiles = [...dotenv.faults, ...faults]
  if (ofFiles.length === 0) return loaded
  return { ok: false, faults: [...ofFiles, ...(loaded.ok ? [] : loaded.faults)] }
}

const readDotenv = (): { readonly environment: Environment; readonly faults: readonly string[] } => {
  try {
    return { environment: existsSync('.env') ? parseDotenv(readFileSync('.env')) : {}, faults: [] }
  } catch (error) {
    return { environment: {}, faults: [`.env: expected a readable file, or none, got ${messageOf(error)}`] }
  }
}

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
