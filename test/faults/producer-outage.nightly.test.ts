import { expect, it } from '@jest/globals'
import { expectLogsOnce } from '../support/producer-stream.js'
import { createCase } from '../support/service-case.js'
import { startServiceProcess } from '../support/service-process.js'
import { outlastSilence } from '../support/silence.js'
import { withBroker } from '../support/site.js'

withBroker('the producer', {}, (site) => {
  // Far longer than KafkaJS's retries of 9 s.
  it('outlives a broker that is killed and comes back 40 s later, without a restart of its own', async () => {
    const environment = { ...createCase('long-outage').environment, PRODUCER_RATE: '200', PRODUCER_COUNT: '12000' }
    const producer = await startServiceProcess({ service: 'producer', bootstrap: site.kafka.bootstrap, environment })
    await producer.waitForLine(/^sent logs/)
    await site.kafka.broker.kill9()
    await outlastSilence(site.kafka.bootstrap, 40)
    await site.kafka.broker.restart()
    expect((await producer.exit).code).toBe(0)
    await expectLogsOnce(site.oracle, ['long-outage-1', 'long-outage-2'], 12_000)
  }, 180_000)
})
