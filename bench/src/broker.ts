import { mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  formatKafkaProperties,
  formatLog4jProperties,
  formatZookeeperProperties,
} from '@kafka-etl/local/dist/broker-config.js'
import { ensureJars } from '@kafka-etl/local/dist/jars.js'
import { probeKafka } from '@kafka-etl/local/dist/probe.js'
import { startChild, type Child } from './child.js'
import type { Folders } from './folders.js'

export type Broker = { readonly bootstrap: string; readonly pid: number; readonly stop: () => Promise<void> }

const heapMb = 1_024
const startDeadlineMs = 60_000

const findFreePort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('expected a free port, got none')
  return address.port
}

/** Starts ZooKeeper and a fresh Kafka of their own ports, as the stack has them, with a heap that is never the limit. */
export const startBroker = async (folders: Folders, say: (line: string) => void): Promise<Broker> => {
  const { root, jars, broker } = folders
  await ensureJars(join(root, 'local', 'pom.xml'), jars, say)
  await rm(broker, { recursive: true, force: true })
  await mkdir(broker, { recursive: true })
  const [zookeeperPort, port] = [await findFreePort(), await findFreePort()]
  const files = {
    'zookeeper.properties': formatZookeeperProperties({ dataDir: join(broker, 'zookeeper'), port: zookeeperPort }),
    'kafka.properties': formatKafkaProperties({ dataDir: join(broker, 'kafka'), port, zookeeperPort }),
    'log4j.properties': formatLog4jProperties(),
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(broker, name), text)
  const start = (name: string, mainClass: string, mb: number): Promise<Child> => {
    const memory = [`-Xms${mb}m`, `-Xmx${mb}m`, `-Dlog4j.configuration=file:${join(broker, 'log4j.properties')}`]
    const args = [...memory, '-cp', `${jars}/*`, mainClass, join(broker, `${name}.properties`)]
    return startChild({ command: 'java', args, cwd: broker }, join(broker, `${name}.log`))
  }
  const zookeeper = await start('zookeeper', 'org.apache.zookeeper.server.quorum.QuorumPeerMain', 128)
  const kafka = await start('kafka', 'kafka.Kafka', heapMb)
  const deadline = performance.now() + startDeadlineMs
  while (!(await probeKafka(port)).ok) {
    if (kafka.hasEnded() || performance.now() > deadline) {
      throw new Error(`expected Kafka to answer within ${startDeadlineMs / 1000} s, see ${kafka.logFile}`)
    }
    await sleep(100)
  }
  return {
    bootstrap: `127.0.0.1:${port}`,
    pid: kafka.pid,
    stop: async () => {
      await kafka.stop()
      await zookeeper.stop()
      await rm(broker, { recursive: true, force: true })
    },
  }
}
