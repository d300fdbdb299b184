import { it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { withBroker } from '../support/site.js'
import { surviveOutage } from './broker-outage.js'
import {} from './scene.js'

withBroker('ZooKeeper killed under load', {}, (site) => {
  // The broker's session in the tests is 6 s: both are longer.
  it.each([10, 30])(
    'for %s s loses and repeats nothing',
    async (seconds) => {
      await surviveOutage(site, `zookeeper-${seconds}`, async () => {
        await site.kafka.zookeeper?.kill9()
        await sleep(seconds * 1_000)
        await site.kafka.zookeeper?.restart()
      })
    },
    300_000,
  )

  it('together with the broker, which comes back before it does, loses and repeats nothing', async () => {
    const { broker, zookeeper } = site.kafka
    await surviveOutage(site, 'zookeeper-and-broker', async () => {
      await zookeeper?.kill9()
      await broker.kill9()
      const back = broker.restart()
      await sleep(5_000)
      await zookeeper?.restart()
      await back
    })
  }, 300_000)
})
