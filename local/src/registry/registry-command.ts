import { join, relative } from 'node:path'
import { smallJvm } from '../broker/java-command.js'

export type RegistrySite = {
  readonly java: string
  /** What {@link ensureRegistryJars} has fetched. */
  readonly jars: string
  /** Where the schemas are kept. */
  readonly data: string
  readonly port: number
  /** A file of settings that the registry reads beside these; undefined: it asks nobody for a password. */
  readonly accessFile?: string | undefined
}

export type RegistryCommand = {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  /** Over the environment of whoever starts it. */
  readonly environment: Readonly<Record<string, string>>
}

/** The registry's settings, here and in the Compose file: BACKWARD unless a subject says otherwise, kept in a file. */
export const registryEnvironment = (databaseFile: string): Readonly<Record<string, string>> => ({
  APICURIO_RULES_GLOBAL_COMPATIBILITY: 'BACKWARD',
  APICURIO_STORAGE_KIND: 'sql',
  APICURIO_STORAGE_SQL_KIND: 'h2',
  // Without the delay, whatever has been answered outlives a kill.
  APICURIO_DATASOURCE_URL: `jdbc:h2:file:${databaseFile};WRITE_DELAY=0`,
  QUARKUS_LOG_LEVEL: 'WARN',
  QUARKUS_HTTP_ACCESS_LOG_ENABLED: 'false',
})

/** Apicurio Registry on 127.0.0.1, from its jars. */
export const planRegistryCommand = ({ java, jars, data, port, accessFile }: RegistrySite): RegistryCommand => ({
  command: java,
  args: [...smallJvm(384), `-Dkafka-etl.folder=${data}`, '-jar', 'quarkus-run.jar'],
  cwd: jars,
  environment: {
    ...registryEnvironment(join(data, 'registry')),
    QUARKUS_HTTP_HOST: '127.0.0.1',
    QUARKUS_HTTP_PORT: String(port),
    // Health and metrics have a port of their own, which nobody asks: any free one.
    QUARKUS_MANAGEMENT_HOST: '127.0.0.1',
    QUARKUS_MANAGEMENT_PORT: '0',
    LC_ALL: 'C.UTF-8',
    ...(accessFile === undefined ? {} : { SMALLRYE_CONFIG_LOCATIONS: relative(jars, accessFile) }),
  },
})
