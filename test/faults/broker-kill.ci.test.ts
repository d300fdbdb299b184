import { it } from '@jest/globals'
import { withBroker } from '../support/site.js'
import { surviveOutage } from './broker-outage.js'
import { outlastSilence } from '../support/silence.js'

withBroker('a broker killed under load', {}, (site) => {
  it('and back after 12 s loses, repeats and reorders nothing', async () => {
    const { broker } = site.kafka
    await surviveOutage(site, 'down-12', async () => {
      await broker.kill9()
      await outlastSilence(site.kafka.bootstrap, 12)
      await broker.restart()
    })
  }, 240_000)
})
