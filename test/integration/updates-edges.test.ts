import { expect, it } from '@jest/globals'
import { withSharedBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'
import { end, layOutUpdates, messagesOf } from './updates-case.js'

withSharedBroker('atomic updates, at their edges', {}, (site) => {
  it('are set aside whole if one output is too large: a dead letter for each row, and none of the outputs', async () => {
    const test = await layOutUpdates(site, 'updates-large')
    const ids = ['x', 'y', 'z'].map((letter) => letter.repeat(1_500))
    await test.write('id,count', 'a,1', end, ...ids.map((id) => `${id},1`), 'odd', end, 'b,2', end)
    const etl = await test.start()
    expect(await test.awaitUpdates(2)).toEqual(['1: a', '3: b'])
    expect(await test.readDeadLetters()).toEqual([
      ...ids.map((id) => `record_too_large ${id},1`),
      'csv_row_invalid odd',
    ])
    const rows = await site.oracle.readTopic('updates-large-rows')
    expect(rows.map(({ value }) => String(value))).toEqual(['{"id":"a","count":1}', '{"id":"b","count":2}'])
    await etl.terminate()
  }, 60_000)

  it('begin whole with ETL_START=latest, even if one has not ended at the end', async () => {
    const test = await layOutUpdates(site, 'updates-latest')
    await test.write('id,count', 'a,1', end, 'b,2', 'c,3')
    const first = await test.start({ ETL_START: 'latest' })
    await first.waitForLine(
      /updates-latest partition 0: .* begins at offset 3, with the unfinished update at the end, offset 5 \(ETL_START\)/,
    )
    await waitFor(async () => (await site.oracle.groupOffsets(test.group)).some(({ offset }) => offset === 3n), {
      what: 'offset 3 to be committed',
    })
    await first.kill9()
    await test.write('d,4')
    const second = await test.start()
    await waitFor(async () => (await second.metric('etl_unfinished_update_records')) === 3, { what: 'three rows held' })
    expect(await test.readUpdates()).toEqual([])
    await test.write(end)
    expect(await test.awaitUpdates(1)).toEqual(['2: b c d'])
    await second.terminate()
  }, 60_000)

  it('move with their partition to another instance, and back, in their middle', async () => {
    const test = await layOutUpdates(site, 'updates-moved')
    await test.write('id,count', 'a,1', end, 'b,2')
    const one = await test.start({ ETL_INSTANCE: 'one' })
    expect(await test.awaitUpdates(1)).toEqual(['1: a'])
    const held = (service: typeof one, count: number) =>
      waitFor(async () => (await service.metric('etl_unfinished_update_records')) === count, { what: 'rows held' })
    await held(one, 1)
    const other = await test.start({ ETL_INSTANCE: 'other' })
    await other.waitForLine(/joined the consumer group/)
    await test.write('c,3')
    await one.terminate()
    await held(other, 2)
    const third = await test.start({ ETL_INSTANCE: 'one' })
    await third.waitForLine(/joined the consumer group/)
    await test.write('d,4')
    await other.kill9()
    await held(third, 3)
    expect(await test.readUpdates()).toEqual(['1: a'])
    await test.write(end, 'e,5', end)
    expect(await test.awaitUpdates(3)).toEqual(['1: a', '2: b c d', '3: e'])
    expect(messagesOf(third)).not.toContain('gave up a transaction')
    await third.terminate()
    expect(await test.readDeadLetters()).toEqual([])
  }, 90_000)
})
