import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatProperties } from '../broker/properties.js'

/** The registry's only user with SECURE. */
export const registryUser = 'registry'

export type RegistryAccessFiles = {
  readonly passwordFile: string
  /** The registry's own settings: they require that password. */
  readonly propertiesFile: string
}

export const planRegistryAccess = (folder: string): RegistryAccessFiles => ({
  passwordFile: join(folder, 'registry.password'),
  propertiesFile: join(folder, 'registry.properties'),
})

/** Creates a random password if there is none. The files have `mode`: a container may read them through their group. */
export const ensureRegistryAccess = (folder: string, mode: number): RegistryAccessFiles => {
  const files = planRegistryAccess(folder)
  if (!existsSync(files.passwordFile)) writeSecret(files.passwordFile, randomBytes(24).toString('base64url'), mode)
  chmodSync(files.passwordFile, mode)
  writeSecret(files.propertiesFile, formatAccess(readFileSync(files.passwordFile, 'utf8')), mode)
  return files
}

/** The settings for Quarkus, on which Apicurio runs. */
const formatAccess = (password: string): string =>
  formatProperties({
    'quarkus.http.auth.basic': 'true',
    'quarkus.http.auth.proactive': 'true',
    'quarkus.http.auth.permission.everything.paths': '/*',
    'quarkus.http.auth.permission.everything.policy': 'authenticated',
    'quarkus.security.users.embedded.plain-text': 'true',
    [`quarkus.security.users.embedded.users.${registryUser}`]: password,
    [`quarkus.security.users.embedded.roles.${registryUser}`]: 'sr-admin',
  })

/** The settings with which a service logs in. */
export const registryClientEnvironment = ({ passwordFile }: RegistryAccessFiles): Readonly<Record<string, string>> => ({
  SCHEMA_REGISTRY_USERNAME: registryUser,
  SCHEMA_REGISTRY_PASSWORD: '',
  SCHEMA_REGISTRY_PASSWORD_FILE: passwordFile,
})

const writeSecret = (file: string, text: string, mode: number): void => {
  writeFileSync(file, text, { mode })
  chmodSync(file, mode)
}
