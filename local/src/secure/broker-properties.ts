/** Where the broker finds its key, the authority's certificate, and its own password. */
export type SecureBrokerFiles = {
  readonly keyStore: string
  readonly trustStore: string
  /** The folder of its password, and the file's name in it. */
  readonly passwordFolder: string
  readonly passwordFile: string
}

/**
 * The properties that make a broker require TLS and an authorized user. `listener` is the one through which the broker
 * connects to itself; other listeners, if any, are only for clients.
 */
export const secureBrokerProperties = (
  { keyStore, trustStore, passwordFolder, passwordFile }: SecureBrokerFiles,
  [listener, ...otherListeners]: readonly [string, ...string[]],
): Record<string, string | boolean> => ({
  'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
  'sasl.mechanism.inter.broker.protocol': 'SCRAM-SHA-512',
  [jaasOf(listener)]: `${loginModule} username="broker" password="\${directory:${passwordFolder}:${passwordFile}}";`,
  ...Object.fromEntries(otherListeners.map((other) => [jaasOf(other), `${loginModule};`])),
  // The password is in one file only, and in no command line or environment.
  'config.providers': 'directory',
  'config.providers.directory.class': 'org.apache.kafka.common.config.provider.DirectoryConfigProvider',
  'ssl.keystore.type': 'PEM',
  'ssl.keystore.location': keyStore,
  'ssl.truststore.type': 'PEM',
  'ssl.truststore.location': trustStore,
  'ssl.client.auth': 'none',
  'authorizer.class.name': 'kafka.security.authorizer.AclAuthorizer',
  'allow.everyone.if.no.acl.found': false,
  'super.users': 'User:broker;User:admin',
})

const loginModule = 'org.apache.kafka.common.security.scram.ScramLoginModule required'

const jaasOf = (listener: string): string => `listener.name.${listener.toLowerCase()}.scram-sha-512.sasl.jaas.config`
