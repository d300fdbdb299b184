import * as parse from './parsers.js'
import { presentText, setting, type Environment, type SettingsOf } from './settings.js'

const port = parse.integer({ min: 1, max: 65_535 })

/** The port of the registry in the stack. */
export const registryPort = setting('REGISTRY_PORT', port, '8085', 'port of the Schema Registry on 127.0.0.1')

const registryOfStack = (environment: Environment): string => {
  const text = presentText(environment[registryPort.name]) ?? registryPort.default
  // An invalid port is reported under its own name.
  return `http://127.0.0.1:${registryPort.parse(text).ok ? text : registryPort.default}/apis/ccompat/v7`
}

/** The location of the schemas of registered formats. Only pipelines with such formats use it. */
export const registrySettings = {
  registryUrl: setting(
    'SCHEMA_REGISTRY_URL',
    parse.httpUrl,
    registryOfStack({}),
    "a registry with Confluent's API; by default the stack's, at REGISTRY_PORT",
    { defaultIn: registryOfStack },
  ),
  registryUsername: setting('SCHEMA_REGISTRY_USERNAME', parse.text, '', 'user name for the registry; empty: none'),
  registryPassword: setting(
    'SCHEMA_REGISTRY_PASSWORD',
    parse.text,
    '',
    'password for the registry, or its file in SCHEMA_REGISTRY_PASSWORD_FILE',
    { secret: true },
  ),
  registryCaFile: setting(
    'SCHEMA_REGISTRY_CA_FILE',
    parse.text,
    '',
    "PEM file of the registry's CA; empty: the runtime's own list",
  ),
  registryAutoRegister: setting(
    'SCHEMA_REGISTRY_AUTO_REGISTER',
    parse.boolean,
    'true',
    'true: registers the schemas that are written; false: they have to be registered already',
  ),
}

export type RegistrySettings = SettingsOf<typeof registrySettings>
