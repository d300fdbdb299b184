import { beforeAll, expect, it } from '@jest/globals'
import { findFreePorts } from '@kafka-etl/local/broker'
import { ConfigResourceTypes, Kafka, logLevel } from 'kafkajs'
import { runAdmin } from '../support/admin-process.js'
import { serviceNames, startServiceProcess } from '../support/service-process.js'
import { withBroker } from '../support/site.js'

const unresolved =
  /a broker advertises the address nosuchhost\.invalid:\d+, a name that does not resolve here: check advertised\.listeners of the broker/

withBroker('a broker with listeners of every kind', { flavour: '3.9' }, (site) => {
  let ports: readonly number[] = []

  beforeAll(async () => {
    ports = await findFreePorts(2)
    const [lost = 0, six = 0] = ports
    const { bootstrap, port } = site.kafka
    const direct = `DIRECT://127.0.0.1:${port}`
    const admin = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    const configEntries = Object.entries({
      'listener.security.protocol.map': 'DIRECT:PLAINTEXT,LOST:PLAINTEXT,SIX:PLAINTEXT',
      listeners: `${direct},LOST://127.0.0.1:${lost},SIX://[::1]:${six}`,
      'advertised.listeners': `${direct},LOST://nosuchhost.invalid:${lost},SIX://[::1]:${six}`,
    }).map(([name, value]) => ({ name, value }))
    const resources = [{ type: ConfigResourceTypes.BROKER, name: '0', configEntries }]
    await admin.alterConfigs({ validateOnly: false, resources })
    await admin.disconnect()
  })

  it.each(serviceNames)(
    'tells the %s that the broker advertises a name which does not resolve',
    async (service) => {
      const lost = await startServiceProcess({
        ...{ service, bootstrap: `127.0.0.1:${ports[0]}` },
        environment: { KAFKA_WAIT_SECONDS: '5' },
      })
      const { code } = await lost.exit
      expect(lost.lines.map(({ msg }) => msg).join('\n')).toMatch(unresolved)
      expect(code).toBe(1)
    },
    60_000,
  )

  it('tells doctor so as well, once', async () => {
    const { code, stdout } = await runAdmin(['doctor'], { bootstrap: `127.0.0.1:${ports[0]}` })
    expect(stdout.split('\n').filter((line) => unresolved.test(line))).toHaveLength(1)
    expect(code).toBe(1)
  }, 60_000)

  it('is reached by its IPv6 address', async () => {
    const bootstrap = `[::1]:${ports[1]}`
    const etl = await startServiceProcess({ service: 'etl', bootstrap })
    await etl.waitForHttp('/ready', 200)
    const environment = { PRODUCER_RATE: '0', PRODUCER_COUNT: '100' }
    const producer = await startServiceProcess({ service: 'producer', bootstrap, environment })
    expect(await producer.exit).toEqual({ code: 0, signal: null })
    await etl.waitForLine(/"lag":0/)
    expect(await site.oracle.readTopic('unified_timestamps')).toHaveLength(100)
    expect(await etl.terminate()).toEqual({ code: 0, signal: null })
  }, 60_000)
})
