import type { Properties } from '../broker/properties.js'

/**
 * Whoever writes to ZooKeeper is super user of Kafka: its users, ACLs and settings are kept there. So ZooKeeper lets
 * nobody in but Kafka, by a password (SASL, DIGEST-MD5), and Kafka's nodes belong to Kafka.
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

/** The JAAS files of ZooKeeper, and of Kafka and its tools. `password`: letters, digits, `-` and `_`. */
export const formatZookeeperJaas = (password: string): { readonly server: string; readonly client: string } => ({
  server: `Server {\n  ${loginModule}\n  user_kafka="${password}";\n};\n`,
  client: `Client {\n  ${loginModule}\n  username="kafka"\n  password="${password}";\n};\n`,
})

/** The option of a JVM that reads a JAAS file. */
export const jaasOption = (file: string): string => `-Djava.security.auth.login.config=${file}`
