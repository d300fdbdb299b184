import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureJars, findFreePorts, planStackKafka, startKafka, startZookeeper } from '@kafka-etl/local/broker'
import type { Folders } from './folders.js'

export type Broker = {
  readonly bootstrap: string
  readonly zookeeperPort: number
  readonly pid: number
  readonly stop: () => Promise<void>
}

const heapMb = 1_024

/**
 * Starts ZooKeeper and a fresh Kafka on separate ports, configured as in the stack, with a heap that is never the
 * limit.
 */
export const startBroker = async (folders: Folders, say: (line: string) => void): Promise<Broker> => {
  const { root, jars, broker } = folders
  await ensureJars({ pom: join(root, 'local', 'pom.xml'), folder: jars, say })
  await rm(broker, { recursive: true, force: true })
  await mkdir(broker, { recursive: true })
  const [zookeeperPort = 0, port = 0] = await findFreePorts(2)
  const site = { folder: broker, jars }
  const zookeeper = await startZookeeper({ ...site, port: zookeeperPort })
  const kafka = await startKafka({
    ...site,
    ...planStackKafka({ kafka: port, zookeeper: zookeeperPort }),
    jvm: [`-Xms${heapMb}m`, `-Xmx${heapMb}m`],
  })
  return {
    bootstrap: `127.0.0.1:${port}`,
    zookeeperPort,
    pid: kafka.pid(),
    stop: async () => {
      await kafka.stop()
      await zookeeper.stop()
      await rm(broker, { recursive: true, force: true })
    },
  }
}
