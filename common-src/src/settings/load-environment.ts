import { existsSync, readFileSync } from 'node:fs'
import { parse as parseDotenv } from 'dotenv'
import type { CommonSettings } from './common-settings.js'
import { findContradictions } from './contradictions.js'
import { messageOf } from '../errors.js'
import { readSecretFiles } from './secret-files.js'
import { guardedNames, guardedPrefixes } from './setting-names.js'
import { loadSettings, type Environment, type LoadedSettings, type SettingsTable } from './settings.js'

/** The settings of `table` from the environment, then `.env` of the working folder, then the files of secrets. */
export const loadEnvironment = <Table extends SettingsTable>(
  table: Table,
  processEnvironment: Environment,
): LoadedSettings<Table> => {
  const dotenv = readDotenv()
  const { environment, faults } = readSecretFiles(table, { ...dotenv.environment, ...processEnvironment })
  const loaded = loadSettings(table, environment, {
    prefixes: guardedPrefixes,
    knownNames: guardedNames,
    findContradictions: (values) => findContradictions(values as Partial<CommonSettings>),
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
