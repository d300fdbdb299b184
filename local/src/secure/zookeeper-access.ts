import type { Properties } from '../broker/properties.js'

/**
 * Whoever writes to ZooKeeper is super user of Kafka: its users, ACLs and settings are kept there. So ZooKeeper lets
 * nobody in but Kafka, and Flink for its own notes, each by a password (SASL, DIGEST-MD5), and the nodes of each belong
 * to it alone.
 * https://kafka.apache.org/39/documentation/#zk_authz
 */
export const zookeeperAuthProperties: Properties = {
  'authProvider.1': 'org.apache.zookeeper.server.auth.SASLAuthenticationProvider',
  'enforce.auth.enabled': true,
  'enforce.auth.schemes': 'sasl',
}

/** Of the broker, beside its JAAS file. */
export const zookeeperAclProperties: Properties = { 'zookeeper.set.acl': true }

const loginModule = 'org.apache.zookeeper.server.auth.DigestLoginModule required'

/** The class as Flink has it. */
const flinkLoginModule = `org.apache.flink.shaded.zookeeper3.${loginModule}`

export type ZookeeperJaas = { readonly server: string; readonly client: string; readonly flink: string }

/** The JAAS files of ZooKeeper, of Kafka and its tools, and of Flink. Passwords: letters, digits, `-` and `_`. */
export const formatZookeeperJaas = ({
  kafka,
  flink,
}: {
  readonly kafka: string
  readonly flink: string
}): ZookeeperJaas => ({
  server: `Server {\n  ${loginModule}\n  user_kafka="${kafka}"\n  user_flink="${flink}";\n};\n`,
  client: formatClient(loginModule, 'kafka', kafka),
  flink: formatClient(flinkLoginModule, 'flink', flink),
})

const formatClient = (module: string, user: string, password: string): string =>
  `Client {\n  ${module}\n  username="${user}"\n  password="${password}";\n};\n`

/** The option of a JVM that reads a JAAS file. */
export const jaasOption = (file: string): string => `-Djava.security.auth.login.config=${file}`
