import { it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Server } from '@kafka-etl/local/broker'
import { withBroker, type Site } from '../support/site.js'
import { surviveOutage } from './broker-outage.js'
import {} from './scene.js'

// Independent of TEST_KAFKA: without ZooKeeper there is nothing to kill.
withBroker('ZooKeeper killed under load', { flavour: '3.9' }, (site) => {
  const zookeeperOf = ({ kafka }: Site): Server => {
    if (kafka.zookeeper === undefined) throw new Error('Expected a ZooKeeper to kill, got a broker without')
    return kafka.zookeeper
  }

  // The broker's session in the tests is 6 s: both are longer.
  it.each([10, 30])(
    'for %s s loses and repeats nothing',
    async (seconds) => {
      await surviveOutage(site, `zookeeper-${seconds}`, async () => {
        await zookeeperOf(site).kill9()
        await sleep(seconds * 1_000)
        await zookeeperOf(site).restart()
      })
    },
    300_000,
  )

  it('together with the broker, which comes back before it does, loses and repeats nothing', async () => {
    const { broker } = site.kafka
    const zookeeper = zookeeperOf(site)
    await surviveOutage(site, 'zookeeper-and-broker', async () => {
      await zookeeper.kill9()
      await broker.kill9()
      const back = broker.restart()
      // The broker is up again and tries to reach it.
      await sleep(5_000)
      await zookeeper.restart()
      await back
    })
  }, 300_000)
})
