import { isUtf8 } from 'node:buffer'
import { existsSync, readFileSync } from 'node:fs'
import { parse as parseDotenv } from 'dotenv'
import type { CommonSettings } from './common-settings.js'
import { findContradictions } from './contradictions.js'
import { messageOf } from '../errors.js'
import { path as parsePath } from './parsers.js'
import { guardedNames, guardedPrefixes } from './service-settings.js'
import {
  loadSettings,
  type Environment,
  type LoadedSettings,
  type LoadOptions,
  type SettingsTable,
} from './settings.js'

/** The variables of the process, then those of `.env` in the working folder. An unreadable `.env` counts as empty. */
export const readVariables = (processEnvironment: Environment): Environment => ({
  ...readDotenv().environment,
  ...processEnvironment,
})

export type LoadEnvironmentOptions<Table extends SettingsTable> = Pick<
  LoadOptions<Table>,
  'isKnownElsewhere' | 'findContradictions'
>

/**
 * The settings of `table`, read from the environment, then from `.env` in the working folder, then from secret files.
 * Calls `isKnownElsewhere` for a guarded name that belongs neither to the table nor to a service. Reports what
 * `findContradictions` returns together with the contradictions of the common settings.
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

/** The variables of a `.env` file. Returns none if the file is missing or faulty. */
export const readDotenv = (
  path = '.env',
): { readonly environment: Environment; readonly faults: readonly string[] } => {
  try {
    if (!existsSync(path)) return { environment: {}, faults: [] }
    const bytes = readFileSync(path)
    const fault = findEncodingFault(bytes)
    return fault === undefined
      ? { environment: parseDotenv(bytes), faults: [] }
      : { environment: {}, faults: [`.env: expected UTF-8, got ${fault}: save it as UTF-8`] }
  } catch (error) {
    return { environment: {}, faults: [`.env: expected a readable file, or none, got ${messageOf(error)}`] }
  }
}

/** Some Windows editors save as UTF-16, in which no variable would be found. Compose reads only UTF-8, too. */
const findEncodingFault = (bytes: Buffer): string | undefined => {
  const isUtf16 =
    bytes.subarray(0, 2).equals(Buffer.of(0xff, 0xfe)) || bytes.subarray(0, 2).equals(Buffer.of(0xfe, 0xff))
  if (isUtf16) return 'UTF-16'
  if (bytes.includes(0)) return 'a NUL byte, as in UTF-16'
  return isUtf8(bytes) ? undefined : 'other bytes'
}

/**
 * Fills in secrets from the files that `NAME_FILE` variables name, without a trailing line break. It is a fault to set
 * a name both ways, or to name a file that cannot be read.
 */
export const readSecretFiles = (
  table: SettingsTable,
  environment: Environment,
): { readonly environment: Environment; readonly faults: readonly string[] } => {
  const filled: Record<string, string | undefined> = { ...environment }
  const faults: string[] = []
  for (const { name, secret } of Object.values(table)) {
    const file = environment[`${name}_FILE`]
    if (!secret || !file) continue
    if (environment[name]) {
      faults.push(`${name}_FILE: expected either ${name} or ${name}_FILE, got both`)
      continue
    }
    const path = parsePath(file)
    if (!path.ok) {
      faults.push(`${name}_FILE: expected ${path.expected}, got ${JSON.stringify(file)}`)
      continue
    }
    try {
      filled[name] = readFileSync(path.value, 'utf8').replace(/\r?\n$/, '')
    } catch (error) {
      faults.push(`${name}_FILE: expected a readable file, got ${messageOf(error)}`)
    }
  }
  return { environment: filled, faults }
}
