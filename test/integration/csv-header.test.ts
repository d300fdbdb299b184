import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { KafkaAdmin } from '@kafka-etl/kafka'
import { withSharedBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'
import { openKafka } from './kafka-case.js'
import { end, layOutUpdates, messagesOf, type UpdatesCase } from './updates-case.js'

withSharedBroker('the header of a CSV', {}, (site) => {
  let admin: KafkaAdmin
  beforeAll(async () => {
    admin = await openKafka(site.kafka.bootstrap).connectAdmin()
  })
  afterAll(() => admin.close())

  /** Sets the offset without metadata, as `kafka-consumer-groups --reset-offsets` does. */
  const setByHand = async ({ group }: UpdatesCase, topic: string, offset: bigint): Promise<void> => {
    await waitFor(async () => (await admin.describeGroup(group)).members.length === 0, { what: 'an empty group' })
    await admin.commitOffsets(group, topic, new Map([[0, offset]]))
  }

  it('is known when retention took its record, and one sentence says what is missing where nothing tells it', async () => {
    const test = await layOutUpdates(site, 'header-retention')
    await test.write('count,more,id', '1,,a', end)
    const first = await test.start()
    expect(await test.awaitUpdates(1)).toEqual(['1: a'])
    await first.kill9()
    await site.oracle.deleteRecords('header-retention', 0, 3n)
    await test.write('2,,b', end)
    const second = await test.start()
    expect(await test.awaitUpdates(2)).toEqual(['1: a', '2: b'])
    await second.terminate()
    await setByHand(test, 'header-retention', 4n)
    const third = await test.start()
    expect(await third.exit).toEqual({ code: 2, signal: null })
    expect(messagesOf(third)).toContain(
      "header-retention partition 0: expected the CSV's header in the first record, but the first remaining record is at offset 3",
    )
  }, 60_000)

  it('is found again from a position that was set by hand, and so is the number of updates', async () => {
    const test = await layOutUpdates(site, 'header-by-hand')
    await test.write('count,id', '1,a', end, '2,b', end)
    const first = await test.start()
    await test.awaitUpdates(2)
    await first.terminate()
    await setByHand(test, 'header-by-hand', 3n)
    const second = await test.start()
    expect(await test.awaitUpdates(3)).toEqual(['1: a', '2: b', '2: b'])
    await second.terminate()
    await setByHand(test, 'header-by-hand', 0n)
    const third = await test.start()
    expect(await test.awaitUpdates(5)).toEqual(['1: a', '2: b', '2: b', '1: a', '2: b'])
    await third.terminate()
    expect(await test.readDeadLetters()).toEqual([])
  }, 60_000)

  it('is read again where it does not fit beside the offset, and is missed when it is gone', async () => {
    const test = await layOutUpdates(site, 'header-large')
    await test.write(`count,id,${'x'.repeat(6_000)}`, '1,a,', end)
    const first = await test.start()
    await test.awaitUpdates(1)
    await first.kill9()
    const [committed] = await admin.readCommittedOffsets({ groupId: test.group, topics: ['header-large'] })
    expect(JSON.parse(committed?.metadata ?? '')).toMatchObject({
      commits: 1,
      header: { offset: '0', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    })
    await test.write('2,b,', end)
    const second = await test.start()
    expect(await test.awaitUpdates(2)).toEqual(['1: a', '2: b'])
    await second.terminate()
    await site.oracle.deleteRecords('header-large', 0, 1n)
    await test.write('3,c,', end)
    const third = await test.start()
    expect(await third.exit).toEqual({ code: 2, signal: null })
    expect(messagesOf(third)).toMatch(/the CSV's header .* but the record at offset 0 is gone, or was replaced/)
  }, 60_000)
})
