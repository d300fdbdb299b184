import { it } from '@jest/globals'
import { withBroker } from '../support/site.js'
import { surviveOutage } from './broker-outage.js'
import { outlastSilence } from '../support/silence.js'

withBroker('a broker that stands still under load', {}, (site) => {
  // 45 s is longer than a request may take: the client has given up a late response long ago.
  it.each([15, 45])(
    'for %s s applies what it had been sent, and nothing is torn or repeated',
    async (seconds) => {
      const { broker } = site.kafka
      await surviveOutage(site, `pause-${seconds}`, async () => {
        broker.pause()
        await outlastSilence(site.kafka.bootstrap, seconds)
        broker.resume()
      })
    },
    300_000,
  )
})
