import type { Properties } from '../broker/properties.js'

/**
 * Anyone who can write to ZooKeeper is a super user of Kafka, since its users, ACLs and settings are stored there.
 * ZooKeeper therefore admits only Kafka, and Flink for its own metadata, each with a password (SASL, DIGEST-MD5). The
 * nodes of each are accessible only to itself. https://kafka.apache.org/39/documentation/#zk_authz
 */
export const zookeeperAuthProperties: Properties = {
  'authProvider.1': 'org.apache.zookeeper.server.auth.SASLAuthenticationProvider',
  'enforce.auth.enabled': true,
  'enforce.auth.schemes': 'sasl',
}

/** For the broker, in addition to its JAAS file. */
export const zookeeperAclProperties: Properties = { 'zookeeper.set.acl': true }

const loginModule = 'org.apache.zookeeper.server.auth.DigestLoginModule required'

/** The name of the class in Flink. */
const flinkLoginModule = `org.apache.flink.shaded.zookeeper3.${loginModule}`

export type ZookeeperJaas = { readonly server: string; readonly client: string; readonly flink: string }

/**
 * The JAAS files of ZooKeeper, of Kafka and its tools, and of Flink. Passwords consist of letters, digits, `-` and `_`.
 */
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

/** The JVM option that sets a JAAS file. */
export const jaasOption = (file: string): string => `-Djava.security.auth.login.config=${file}`
