import { existsSync, readFileSync } from 'node:fs'
import { parse as parseDotenv } from 'dotenv'
import { readSecretFiles } from './secret-files.js'
import { guardedNames, guardedPrefixes } from './setting-names.js'
import { loadSettings, type Environment, type LoadedSettings, type SettingsTable } from './settings.js'

/** The settings of `table` from the environment, then `.env` of the working folder, then the files of secrets. */
export const loadEnvironment = <Table extends SettingsTable>(
  table: Table,
  processEnvironment: Environment,
): LoadedSettings<Table> => {
  const dotenv = existsSync('.env') ? parseDotenv(readFileSync('.env')) : {}
  const { environment, faults } = readSecretFiles(table, { ...dotenv, ...processEnvironment })
  const loaded = loadSettings(table, environment, { prefixes: guardedPrefixes, knownNames: guardedNames })
  if (faults.length === 0) return loaded
  return { ok: false, faults: [...faults, ...(loaded.ok ? [] : loaded.faults)] }
}
