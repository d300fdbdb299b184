import { join, relative } from 'node:path'
import { smallJvm } from '../broker/java-command.js'

export type RegistrySite = {
  readonly java: string
  /** The jars that {@link ensureRegistryJars} has downloaded. */
  readonly jars: string
  /** The folder for the schemas. */
  readonly data: string
  readonly port: number
  /** A file with additional settings for the registry; undefined: it requires no password. */
  readonly accessFile?: string | undefined
}

export type RegistryCommand = {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  /** Overrides the environment of the parent process. */
  readonly environment: Readonly<Record<string, string>>
}

/** The registry's settings, here and in the Compose file: BACKWARD unless a subject overrides it, stored in a file. */
export const registryEnvironment = (databaseFile: string): Readonly<Record<string, string>> => ({
  APICURIO_RULES_GLOBAL_COMPATIBILITY: 'BACKWARD',
  APICURIO_STORAGE_KIND: 'sql',
  APICURIO_STORAGE_SQL_KIND: 'h2',
  // Without a write delay, everything that was acknowledged survives a kill.
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
    // Health and metrics have a separate port that nothing uses: any free one.
    QUARKUS_MANAGEMENT_HOST: '127.0.0.1',
    QUARKUS_MANAGEMENT_PORT: '0',
    LC_ALL: 'C.UTF-8',
    ...(accessFile === undefined ? {} : { SMALLRYE_CONFIG_LOCATIONS: relative(jars, accessFile) }),
  },
})
