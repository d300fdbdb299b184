import { expect, it } from '@jest/globals'
import { countRows, csvOf, openReaderCase, waitForRows } from '../support/reader-case.js'
import { withSharedBroker } from '../support/site.js'

withSharedBroker('reader, records of others on its topic', {}, (site) => {
  it.each([
    ['far ahead', 'timezone1/0/99999999'],
    ['a little ahead', 'timezone1/0/6'],
    ['that is there already', 'timezone1/0/0'],
  ])(
    'lose no row to a record that claims a source %s, and have theirs',
    async (name, source) => {
      const { topic, recordOf, startReader, drain, expectExact } = await openReaderCase(
        site,
        `foreign-${name.replaceAll(' ', '-')}`,
      )
      const transactionalId = `${topic}-etl`
      const write = async (...indices: number[]): Promise<void> => {
        await site.oracle.write(
          indices.map((index) => recordOf(index)),
          { transactionalId },
        )
        await site.oracle.endTransaction(transactionalId, 'commit')
      }
      await write(0, 2, 4)
      const reader = await startReader()
      await waitForRows(reader, 3)
      const foreign = { ...recordOf(1_000, 0), headers: [{ name: 'source', value: source }] }
      await site.oracle.write([foreign])
      await write(6, 8, 10)
      await waitForRows(reader, 7)
      expect(await reader.terminate()).toEqual({ code: 0, signal: null })
      const again = await drain(reader.folder)
      expect(await countRows(again)).toBe(7)
      expect(await csvOf(again)).toContain('"1000"')
      await expectExact(again)
    },
    60_000,
  )
})
