import { expect, it } from '@jest/globals'
import { runAdmin } from '../support/admin-process.js'
import { createCase, type ServiceCase } from '../support/service-case.js'
import { startServiceProcess, type ServiceProcess } from '../support/service-process.js'
import { withSharedBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'
import { joinGroup } from './foreign-member.js'
import { readPairs, writeAll } from './contract-case.js'

withSharedBroker('a consumer group', {}, (site) => {
  const start = (environment: Readonly<Record<string, string>>): Promise<ServiceProcess> =>
    startServiceProcess({ service: 'etl', bootstrap: site.kafka.bootstrap, environment })

  const feed = ({ inputs }: ServiceCase): Promise<void> =>
    writeAll(
      site.oracle,
      inputs.map(({ topic }) => ({ topic, value: '{"date":"2024-02-05 10:01:52.884548 -0500","message":"1"}' })),
    )

  const stop = async (etl: ServiceProcess): Promise<void> => {
    expect(await etl.terminate()).toEqual({ code: 0, signal: null })
  }

  it.each(['fewer', 'more'] as const)(
    'whose instances have different INPUTS leaves none unread, the one with %s first, and changes one after the other',
    async (first) => {
      const zones = ['America/New_York', 'Europe/Paris', 'Asia/Tokyo']
      const [fewer, more] = [createCase(`rolling-${first}`, zones.slice(0, 2)), createCase(`rolling-${first}`, zones)]
      await site.oracle.createTopics(more.inputs.map(({ topic }) => ({ name: topic, partitionCount: 2 })))
      const [one, other] = first === 'fewer' ? [fewer, more] : [more, fewer]
      const leader = await start(one.environment)
      await leader.waitForLine(/joined the consumer group/)
      const follower = await start(other.environment)
      await follower.waitForLine(/joined the consumer group/)
      await feed(more)
      const isRead = async (): Promise<boolean> =>
        (await site.oracle.groupOffsets(more.group)).filter(({ offset }) => offset > 0n).length >= zones.length
      await waitFor(isRead, { what: 'all three inputs to be read' })
      // The instance with the old inputs is replaced.
      await stop(first === 'fewer' ? leader : follower)
      await feed(more)
      const renewed = await start(more.environment)
      await renewed.waitForLine(/joined the consumer group/)
      await waitFor(async () => (await site.oracle.readTopic(more.outputTopic)).length === 2 * zones.length, {
        what: 'each log of the three inputs',
      })
      await stop(renewed)
      await stop(first === 'fewer' ? follower : leader)
    },
    60_000,
  )

  it('with a consumer that shares partitions in another way is named, with its member and the remedy', async () => {
    const own = createCase('strange')
    await site.oracle.createTopics([{ name: 'strange-other', partitionCount: 1 }])
    const foreign = await joinGroup(site.kafka.bootstrap, {
      groupId: own.group,
      topic: 'strange-other',
      protocol: 'range',
    })
    const etl = await start(own.environment)
    expect(await etl.exit).toEqual({ code: 2, signal: null })
    expect(etl.lines.at(-1)?.msg).toMatch(
      /strange-etl has consumers of another kind: console-consumer \(127\.0\.0\.1\), which share partitions by range; stop them/,
    )
    const { stdout } = await runAdmin(['doctor'], { bootstrap: site.kafka.bootstrap, environment: own.environment })
    expect(stdout).toMatch(/fail +group: strange-etl has consumers that share partitions by range.*console-consumer/)
    await foreign.leave()
  }, 30_000)

  it('is told what an open transaction of somebody else holds back', async () => {
    const own = createCase('held', ['America/New_York'])
    await site.oracle.createTopics([{ name: 'held-1', partitionCount: 1 }])
    await feed(own)
    await site.oracle.write([{ topic: 'held-1', value: 'open' }], { transactionalId: 'held-open' })
    await feed(own)
    const etl = await start(own.environment)
    await waitFor(async () => (await etl.metric('etl_held_back_records')) === 2, {
      what: 'the metric of what is held back',
    })
    const options = { bootstrap: site.kafka.bootstrap, environment: own.environment }
    const lag = await runAdmin(['lag', '--json'], options)
    expect(lag.json()).toMatchObject({ records: 0, heldBack: 2 })
    expect((await runAdmin(['lag'], options)).stdout).toMatch(/HELD BACK\nheld-1\/0 .* 2\n/)
    expect((await runAdmin(['doctor'], options)).stdout).toMatch(
      /warn +transactions: .* in held-1\/0 at offset 1 .* by transactional id held-open/,
    )
    await site.oracle.endTransaction('held-open', 'abort')
    expect(await readPairs(site.oracle, own)).toHaveLength(2)
    await waitFor(async () => (await etl.metric('etl_held_back_records')) === 0, { what: 'nothing to be held back' })
    await stop(etl)
  }, 60_000)
})
