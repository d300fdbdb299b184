import { it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FaultProxy } from '../support/fault-proxy.js'
import { withBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'
import { surviveOutage } from './broker-outage.js'
import { outlastSilence, outlastSlowness } from '../support/silence.js'

withBroker('a network that fails between the services and the broker under load', { proxies: ['services'] }, (site) => {
  const survive = async (name: string, fault: (proxy: FaultProxy) => Promise<void>): Promise<void> => {
    const proxy = site.kafka.proxy('services')
    const act = async (): Promise<void> => {
      await fault(proxy)
      proxy.restore()
    }
    await surviveOutage(site, name, act, { bootstrap: proxy.bootstrap })
  }

  it.each(['toBroker', 'toClient', 'both'] as const)(
    'and swallows everything %s for 20 s, loses and repeats nothing',
    (direction) =>
      survive(`silent-${direction}`, async (proxy) => {
        proxy.blackhole(direction)
        await outlastSilence(proxy.bootstrap, 20)
      }),
    300_000,
  )

  it(
    'and refuses every connection for 20 s, loses and repeats nothing',
    () =>
      survive('cut', async (proxy) => {
        proxy.cut()
        await outlastSilence(proxy.bootstrap, 20)
      }),
    300_000,
  )

  it(
    'and takes 300 ms each way, loses and repeats nothing',
    () =>
      survive('slow', async (proxy) => {
        proxy.delay(300)
        await outlastSlowness(proxy.bootstrap, 600, 20)
      }),
    300_000,
  )

  it(
    'and breaks every connection off once a second, loses and repeats nothing',
    () =>
      survive('reset', async (proxy) => {
        for (let time = 0; time < 15; time++) {
          await waitFor(() => proxy.connectionCount() > 0, { what: 'somebody to connect again' })
          proxy.reset()
          await sleep(1_000)
        }
      }),
    300_000,
  )
})
