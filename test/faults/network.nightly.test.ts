import { it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { withBroker } from '../support/site.js'
import { surviveOutage } from './broker-outage.js'
import {} from './scene.js'

withBroker('a network that fails between the services and the broker under load', { proxies: ['services'] }, (site) => {
  const survive = async (name: string, fault: () => void, seconds: number): Promise<void> => {
    const proxy = site.kafka.proxy('services')
    const act = async (): Promise<void> => {
      fault()
      await sleep(seconds * 1_000)
      proxy.restore()
    }
    await surviveOutage(site, name, act, { bootstrap: proxy.bootstrap })
  }

  it.each(['toBroker', 'toClient', 'both'] as const)(
    'and swallows everything %s for 20 s, loses and repeats nothing',
    (direction) => survive(`silent-${direction}`, () => site.kafka.proxy('services').blackhole(direction), 20),
    300_000,
  )

  it(
    'and refuses every connection for 20 s, loses and repeats nothing',
    () => survive('cut', () => site.kafka.proxy('services').cut(), 20),
    300_000,
  )

  it(
    'and takes 300 ms each way, loses and repeats nothing',
    () => survive('slow', () => site.kafka.proxy('services').delay(300), 20),
    300_000,
  )

  it('and breaks every connection off once a second, loses and repeats nothing', async () => {
    const proxy = site.kafka.proxy('services')
    const act = async (): Promise<void> => {
      for (let time = 0; time < 15; time++) {
        proxy.reset()
        await sleep(1_000)
      }
    }
    await surviveOutage(site, 'reset', act, { bootstrap: proxy.bootstrap })
  }, 300_000)
})
