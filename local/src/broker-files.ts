import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { setTimeout as sleepFor } from 'node:timers/promises'
import { formatKafkaProperties, type KafkaLayout } from './broker/kafka-properties.js'
import { formatLog4jProperties, formatToolLog4jProperties, toolLog4jName } from './broker/log4j-properties.js'
import { probeKafka, probeZookeeper } from './broker/probe.js'
import { planStackKafka } from './broker/stack-layout.js'
import { formatZookeeperProperties } from './broker/zookeeper-properties.js'
import { readIfPresent } from './file-age.js'
import type { Folders } from './folders.js'
import { readLastLines } from './log-file.js'
import { logFileOf } from './part-control.js'
import { secureBrokerProperties } from './secure/broker-properties.js'
import { isZookeeperGuarded, planSecureFolder } from './secure/credentials.js'
import { zookeeperAclProperties, zookeeperAuthProperties } from './secure/zookeeper-access.js'
import { StackError } from './stack-error.js'
import type { StackSettings } from './stack-settings.js'

const brokerStartMs = 60_000

/** The configuration of ZooKeeper and Kafka, by file name. Its paths are relative to DATA_DIR, where both run. */
export const formatBrokerFiles = (folders: Folders, settings: StackSettings): Record<string, string> => ({
  'zookeeper.properties': formatZookeeperProperties({
    dataDir: relative(folders.data, folders.zookeeper),
    port: settings.zookeeperPort,
    ...(isZookeeperGuarded(folders.secure, settings) ? { settings: zookeeperAuthProperties } : {}),
  }),
  'kafka.properties': formatKafkaProperties({
    ...planKafka(folders, settings),
    dataDir: relative(folders.data, folders.kafka),
  }),
  'log4j.properties': formatLog4jProperties(),
  [toolLog4jName]: formatToolLog4jProperties(),
})

const planKafka = (folders: Folders, settings: StackSettings): Omit<KafkaLayout, 'dataDir'> => {
  const stack = planStackKafka({ kafka: settings.kafkaPort, zookeeper: settings.zookeeperPort })
  const access = isZookeeperGuarded(folders.secure, settings) ? zookeeperAclProperties : {}
  const plain = { ...stack, settings: { ...stack.settings, ...access } }
  if (!settings.secure) return plain
  const [listener] = plain.listeners
  const { keyStoreFile, caFile } = planSecureFolder(relative(folders.data, folders.secure))
  const secrets = {
    keyStore: keyStoreFile,
    trustStore: caFile,
    passwordFolder: dirname(caFile),
    passwordFile: 'broker.password',
  }
  return {
    ...plain,
    listeners: [{ ...listener, protocol: 'SASL_SSL' }],
    settings: { ...plain.settings, ...secureBrokerProperties(secrets, [listener.name]) },
  }
}

/** The certificate to verify the broker with, if it was last started with TLS. */
export const readBrokerCa = (folders: Folders): string | undefined =>
  readIfPresent(join(folders.config, 'kafka.properties')).includes(':SASL_SSL')
    ? readIfPresent(planSecureFolder(folders.secure).caFile)
    : undefined

export const writeBrokerFiles = (folders: Folders, settings: StackSettings): void => {
  mkdirSync(folders.config, { recursive: true })
  // Other users of the machine must not read the data without going through the broker.
  for (const folder of [folders.kafka, folders.zookeeper]) {
    mkdirSync(folder, { recursive: true })
    if (settings.secure) chmodSync(folder, 0o700)
  }
  for (const [name, content] of Object.entries(formatBrokerFiles(folders, settings))) {
    writeFileSync(join(folders.config, name), content)
  }
}

/** Waits until ZooKeeper serves requests; Kafka's own log says more than a failure here would. */
export const waitForZookeeper = async (port: number): Promise<void> => {
  const deadlineMs = performance.now() + brokerStartMs
  while (performance.now() < deadlineMs) {
    if ((await probeZookeeper(port)).ok) return
    await sleepFor(100)
  }
}

/** Waits until Kafka serves requests; after a minute it fails with the end of Kafka's log. */
export const waitForBroker = async (folders: Folders, settings: StackSettings): Promise<void> => {
  const deadlineMs = performance.now() + brokerStartMs
  for (;;) {
    const probe = await probeKafka(settings.kafkaPort, readBrokerCa(folders))
    if (probe.ok) return
    if (performance.now() > deadlineMs) {
      const lines = await readLastLines(logFileOf(folders, 'kafka'), 20)
      throw new StackError(
        `kafka is not healthy after ${brokerStartMs / 1000} s: ${probe.reason}. The end of ${logFileOf(folders, 'kafka')}:\n${lines.join('\n')}`,
      )
    }
    await sleepFor(100)
  }
}
