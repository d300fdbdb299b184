import { expect, it } from '@jest/globals'
import { joinGroup } from '../integration/foreign-member.js'
import { runAdmin, type AdminResult } from '../support/admin-process.js'
import { createCase, type ServiceCase } from '../support/service-case.js'
import { startServiceProcess, type ServiceProcess } from '../support/service-process.js'
import { withBroker } from '../support/site.js'
import { writeAll } from '../integration/contract-case.js'

const logRecord = (topic: string) => ({ topic, value: '{"date":"2024-02-05 10:01:52.884548 -0500","message":"1"}' })

// A broker before 3.0 can keep topics in the formats before 0.11.
const settings = { 'inter.broker.protocol.version': '2.8' }

withBroker('an ETL that cannot go on', { flavour: '3.9', settings }, (site) => {
  const start = ({ environment }: ServiceCase): Promise<ServiceProcess> =>
    startServiceProcess({
      service: 'etl',
      bootstrap: site.kafka.bootstrap,
      environment: { ...environment, ETL_STALL_SECONDS: '10' },
    })
  const doctor = ({ environment }: ServiceCase): Promise<AdminResult> =>
    runAdmin(['doctor'], { bootstrap: site.kafka.bootstrap, environment })

  it('says that an output topic takes no transactions, exit code 2, and so does doctor', async () => {
    const own = createCase('format', ['America/New_York'])
    await site.oracle.createTopics([
      { name: 'format-1', partitionCount: 1 },
      { name: own.outputTopic, partitionCount: 1, settings: { 'message.format.version': '0.10.2' } },
    ])
    await writeAll(site.oracle, [logRecord('format-1')])
    const etl = await start(own)
    expect(await etl.exit).toEqual({ code: 2, signal: null })
    expect(etl.lines.at(-1)?.msg).toContain('format-unified: expected a topic that takes transactions')
    expect((await doctor(own)).stdout).toContain('message.format.version=0.10.2')
  }, 60_000)

  it('names the consumer that leads its group and gives it nothing to read, exit code 2', async () => {
    const own = createCase('led', ['America/New_York'])
    await site.oracle.createTopics(['led-1', 'led-other'].map((name) => ({ name, partitionCount: 1 })))
    await writeAll(site.oracle, [logRecord('led-1')])
    const foreign = await joinGroup(site.kafka.bootstrap, { groupId: own.group, topic: 'led-other' })
    const etl = await start(own)
    await etl.waitForLine(/joined the consumer group/)
    expect((await doctor(own)).stdout).toMatch(/fail +group: no member reads led-1\/0/)
    expect(await etl.exit).toEqual({ code: 2, signal: null })
    expect(etl.lines.at(-1)?.msg).toMatch(
      /led-1\/0 has lag, .* the group led-etl has members that are not ETLs: console-consumer \(127\.0\.0\.1\); stop them/,
    )
    await foreign.leave()
  }, 60_000)

  it('is not ready while an open transaction holds its input back, and is again when it has ended', async () => {
    const own = createCase('hidden', ['America/New_York'])
    await site.oracle.createTopics([{ name: 'hidden-1', partitionCount: 1 }])
    await site.oracle.write([logRecord('hidden-1')], { transactionalId: 'hidden-open' })
    const etl = await start(own)
    await etl.waitForHttp('/ready', 200)
    await etl.waitForHttp('/ready', 503)
    expect(await (await fetch(`${etl.httpUrl}/ready`)).text()).toContain('hidden-1/0 is held back')
    await etl.waitForLine(/hidden-1\/0 is held back: an open transaction of somebody else has hidden 1 offsets/)
    await etl.waitForHttp('/live', 200)
    await site.oracle.endTransaction('hidden-open', 'commit')
    await etl.waitForHttp('/ready', 200)
    await etl.waitForLine(/all inputs are read again/)
    expect(await etl.terminate()).toEqual({ code: 0, signal: null })
  }, 90_000)
})
