import { createServer } from 'node:net'
import { once } from 'node:events'
import { describe, expect, it } from '@jest/globals'
import { findFreePort } from '@kafka-etl/local/broker'
import { serviceNames, startServiceProcess, type ServiceProcess } from '../support/service-process.js'
import { withBroker } from '../support/site.js'

const stopped = { code: 0, signal: null }
const stopMs = 10_000

/** Ends it with SIGTERM, and checks that this took no longer than allowed. */
const stop = async (service: ServiceProcess): Promise<void> => {
  const startedMs = performance.now()
  const exit = await service.terminate(stopMs + 2_000)
  // Shows the last log lines if it fails.
  if (exit.code !== 0) expect(service.lines.slice(-5).map(({ msg }) => msg)).toEqual([])
  expect(exit).toEqual(stopped)
  expect(performance.now() - startedMs).toBeLessThan(stopMs)
}

describe.each(serviceNames)('the %s', (service) => {
  it('stops while nobody listens where Kafka should be', async () => {
    const bootstrap = `127.0.0.1:${await findFreePort()}`
    const started = await startServiceProcess({ service, bootstrap })
    await started.waitForLine(/waiting for Kafka at/)
    await stop(started)
  }, 30_000)

  it('stops while what listens there says nothing', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1')
    const accepted = once(server, 'connection')
    await once(server, 'listening')
    const address = server.address()
    const port = address !== null && typeof address !== 'string' ? address.port : 0
    const started = await startServiceProcess({ service, bootstrap: `127.0.0.1:${port}` })
    await accepted
    await stop(started)
    server.close()
  }, 30_000)
})

withBroker('on a broker', {}, (site) => {
  const startAll = async (): Promise<readonly ServiceProcess[]> => {
    const environment = { PRODUCER_RATE: '200', PRODUCER_COUNT: '0' }
    const services = await Promise.all(
      serviceNames.map((service) => startServiceProcess({ service, bootstrap: site.kafka.bootstrap, environment })),
    )
    await Promise.all(services.map((service) => service.waitForHttp('/ready', 200)))
    return services
  }

  it('every service stops while it is busy', async () => {
    const services = await startAll()
    await services[2]?.waitForLine(/wrote \d+ rows/)
    await Promise.all(services.map(stop))
  }, 60_000)

  it('every service ends at once at the second signal', async () => {
    const services = await startAll()
    site.kafka.broker.pause()
    try {
      const endings = services.map(async (service) => {
        process.kill(service.pid, 'SIGTERM')
        await service.waitForLine(/got SIGTERM: finishing what is open/)
        const startedMs = performance.now()
        if (!service.hasEnded()) process.kill(service.pid, 'SIGTERM')
        const { code } = await service.exit
        expect(performance.now() - startedMs).toBeLessThan(2_000)
        return code
      })
      // A service that was done before the second signal has stopped cleanly.
      for (const code of await Promise.all(endings)) expect([0, 1]).toContain(code)
    } finally {
      site.kafka.broker.resume()
    }
  }, 60_000)

  it('every service stops while Kafka is down', async () => {
    const services = await startAll()
    await site.kafka.broker.kill9()
    try {
      await Promise.all(services.map(stop))
    } finally {
      await site.kafka.broker.restart()
    }
  }, 90_000)
})
