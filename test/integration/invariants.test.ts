import { beforeAll, expect, it } from '@jest/globals'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { coordinatesOf } from '../support/expected-records.js'
import { assertGroupAtEnd, assertNothingHangs } from '../support/cluster-checks.js'
import { assertLedgerKept } from '../support/invariants.js'
import { writeLoad } from '../support/load-writer.js'
import { createLoad, standardTopics } from '../support/log-generator.js'
import { headerText } from '../support/oracle-records.js'
import { withBroker } from '../support/site.js'
import { mountTmpfs, testWithDisk } from '../support/tmpfs.js'

withBroker('the harness under load', {}, (site) => {
  beforeAll(async () => {
    await site.oracle.createTopics(standardTopics(3).map(({ topic }) => ({ name: topic, partitionCount: 3 })))
  }, 60_000)

  it('writes 20,000 records and reads each of them back where the ledger has it', async () => {
    const records = createLoad({ seed: 1, count: 20_000, topics: standardTopics(3) })
    const ledger = await writeLoad({ oracle: site.oracle, records })
    const read = [...(await site.oracle.readTopic('timezone1')), ...(await site.oracle.readTopic('timezone2'))]
    expect(ledger.refused).toEqual([])
    const places = new Map(read.map((record) => [headerText(record, 'id'), coordinatesOf(record)]))
    const misplaced = ledger.acknowledged.filter(
      ({ id, topic, partition, offset }) => places.get(id) !== `${topic}/${partition}/${offset}`,
    )
    expect([read.length, misplaced]).toEqual([20_000, []])
    assertLedgerKept(
      ledger.acknowledged.map(({ id }) => id),
      read.map((record) => headerText(record, 'id') ?? ''),
    )
  }, 60_000)

  it('sees a group that is behind, and a transaction that hangs', async () => {
    await site.oracle.createTopics([{ name: 'hangs', partitionCount: 1 }])
    await assertNothingHangs(site.oracle, ['hangs'])
    await site.oracle.write([{ topic: 'hangs', value: '1' }], { transactionalId: 'hangs' })
    await expect(assertNothingHangs(site.oracle, ['hangs'], 500)).rejects.toThrow(/open: hangs/)
    await site.oracle.endTransaction('hangs', 'commit')
    await assertNothingHangs(site.oracle, ['hangs'])
    await expect(assertGroupAtEnd(site.oracle, 'nobody', ['hangs'])).rejects.toThrow(/hangs\/0 at 0 of 2/)
  }, 30_000)

  testWithDisk('fills a small disk', async () => {
    const disk = await mountTmpfs(1)
    const write = (): Promise<void> => writeFile(join(disk.folder, 'file'), Buffer.alloc(2_000_000))
    await expect(write()).rejects.toThrow(/ENOSPC/)
    await disk.resize(8)
    await write()
    await disk.unmount()
  })
})
