import { expect, it } from '@jest/globals'
import { end, layOutUpdates } from '../integration/updates-case.js'
import { createBrokerClock, type BrokerClock } from '../support/broker-clock.js'
import type { KafkaOptions } from '../support/kafka.js'
import { withBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'

const eightDaysMs = 8 * 86_400_000

let clock: BrokerClock

/** A broker with an adjustable clock that cleans its logs and expires transactional ids at once. */
const withEagerBroker = async (): Promise<KafkaOptions> => {
  clock = await createBrokerClock()
  const settings = {
    'log.cleaner.enable': 'true',
    'log.cleaner.backoff.ms': '100',
    'transaction.remove.expired.transaction.cleanup.interval.ms': '100',
  }
  return { clock, settings }
}

withBroker('atomic updates over a long time', withEagerBroker, (site) => {
  it('end with the next COMMIT where compaction took theirs, and go on without the header that it took', async () => {
    const settings = { 'cleanup.policy': 'compact', 'segment.bytes': '100', 'min.cleanable.dirty.ratio': '0.0' }
    const name = 'updates-compacted'
    const test = await layOutUpdates(site, name, settings)
    const write = async (...records: readonly (readonly [key: string, value: string])[]): Promise<void> => {
      // One batch each: a segment of this size takes no more.
      for (const [key, value] of records) await site.oracle.write([{ topic: name, partition: 0, key, value }])
    }
    const readValues = async () => (await site.oracle.readTopic(name)).map(({ value }) => String(value))
    await write(['h', 'id,count'], ['a', 'a,1'], ['c', end], ['b', 'b,2'], ['c', end], ['d', 'd,3'], ['c', end])
    await write(['e', 'e,4'])
    await waitFor(async () => (await readValues()).filter((value) => value === end).length === 1, {
      what: 'compaction to take two of three COMMITs',
      deadlineMs: 60_000,
    })
    const first = await test.start()
    expect(await test.awaitUpdates(1)).toEqual(['1: a b d'])
    await first.kill9()
    // A row with the header's key, which replaces the header.
    await write(['h', 'f,5'], ['g', 'g,6'], ['last', end], ['i', 'i,7'])
    await waitFor(async () => !(await readValues()).includes('id,count'), {
      what: 'compaction to take the header',
      deadlineMs: 60_000,
    })
    const second = await test.start()
    expect(await test.awaitUpdates(2)).toEqual(['1: a b d', '2: e f g'])
    expect(await second.terminate()).toEqual({ code: 0, signal: null })
    expect(await test.readDeadLetters()).toEqual([])
  }, 240_000)

  it('come with their COMMIT days later, when the broker has forgotten the transactional id', async () => {
    const test = await layOutUpdates(site, 'updates-days')
    await test.write('id,count', 'a,1', end, 'b,2')
    const etl = await test.start()
    expect(await test.awaitUpdates(1)).toEqual(['1: a'])
    await waitFor(async () => (await etl.metric('etl_unfinished_update_records')) === 1, { what: 'a row held' })
    expect(await site.oracle.transactionalIds()).toEqual([`${test.group}/updates-days/0`])
    await clock.step(eightDaysMs)
    await waitFor(async () => (await site.oracle.transactionalIds()).length === 0, {
      what: 'the broker to forget the transactional id',
    })
    await test.write('c,3', end)
    expect(await test.awaitUpdates(2)).toEqual(['1: a', '2: b c'])
    await etl.waitForLine(/gave up a transaction/)
    await etl.waitForHttp('/live', 200)
    expect(await etl.terminate()).toEqual({ code: 0, signal: null })
  }, 120_000)
})
