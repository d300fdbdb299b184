import { it } from '@jest/globals'
import { withBroker } from '../support/site.js'
import { surviveOutage } from './broker-outage.js'
import { outlastSilence } from '../support/silence.js'

withBroker('a broker killed under load', {}, (site) => {
  // Longer than the clients' retries of 9 s, and than the minute after which transactions time out and services end.
  it.each([1, 40, 75])(
    'and back after %s s loses, repeats and reorders nothing',
    async (seconds) => {
      const { broker } = site.kafka
      await surviveOutage(site, `down-${seconds}`, async () => {
        await broker.kill9()
        await outlastSilence(site.kafka.bootstrap, seconds)
        await broker.restart()
      })
    },
    300_000,
  )

  it('three times in a row, as soon as it answers, loses, repeats and reorders nothing', async () => {
    const { broker } = site.kafka
    await surviveOutage(site, 'down-thrice', async () => {
      for (let time = 0; time < 3; time++) {
        await broker.kill9()
        await broker.restart()
      }
    })
  }, 300_000)
})
