import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { countRows, csvOf, openReaderCase, waitForRows, type ReaderCase } from '../support/reader-case.js'
import { withSharedBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'

const header = 'timestamp,message,time,diff\n'

withSharedBroker('reader', {}, (site) => {
  let caseCount = 0
  const openCase = (): Promise<ReaderCase> => openReaderCase(site, `reader-${++caseCount}`)

  const recreate = (topic: string): Promise<unknown> =>
    // A topic is deleted in the background.
    waitFor(
      async () => {
        await site.oracle.createTopics([{ name: topic, partitionCount: 2 }])
        return true
      },
      { what: 'the topic to be made again' },
    )

  it('follows, is ready, and stops on SIGTERM with exit code 0', async () => {
    const { write, startReader, expectExact } = await openCase()
    const reader = await startReader()
    await reader.waitForHttp('/ready', 200)
    expect(await csvOf(reader)).toBe(header)
    await write(0, 100)
    await waitForRows(reader, 100)
    await write(100, 200)
    await waitForRows(reader, 200)
    await reader.waitForLine(/wrote \d+ rows?, 200 in all, lag 0/)
    expect(await reader.metric('reader_rows_written_total')).toBe(200)
    expect(await reader.metric('reader_consumer_lag_records')).toBe(0)
    expect(await reader.terminate()).toEqual({ code: 0, signal: null })
    await expectExact(reader)
  }, 60_000)

  it('goes on after kill -9 where the file stands', async () => {
    const { write, startReader, drain, expectExact } = await openCase()
    await write(0, 2_000)
    const first = await startReader()
    await waitForRows(first, 1)
    await first.kill9()
    await write(2_000, 3_000)
    const second = await drain(first.folder)
    expect(await second.exit).toEqual({ code: 0, signal: null })
    expect(await countRows(second)).toBe(3_000)
    await expectExact(second)
    const third = await drain(first.folder)
    expect(await countRows(third)).toBe(3_000)
  }, 60_000)

  it('writes what is committed at its start and ends, past aborted and before open transactions', async () => {
    const { topic, recordOf, drain, expectExact } = await openCase()
    await site.oracle.write([recordOf(0), recordOf(1)], { transactionalId: `${topic}-a` })
    await site.oracle.endTransaction(`${topic}-a`, 'commit')
    await site.oracle.write([recordOf(2), recordOf(3)], { transactionalId: `${topic}-a` })
    await site.oracle.endTransaction(`${topic}-a`, 'abort')
    await site.oracle.write([recordOf(4, 0)], { transactionalId: `${topic}-b` })
    const reader = await drain()
    expect(await reader.exit).toEqual({ code: 0, signal: null })
    expect(await countRows(reader)).toBe(2)
    await site.oracle.endTransaction(`${topic}-b`, 'commit')
    const later = await drain(reader.folder)
    expect(await countRows(later)).toBe(3)
    await expectExact(later)
  }, 60_000)

  it('ends at once on an empty topic', async () => {
    const { drain } = await openCase()
    const reader = await drain()
    expect(await reader.exit).toEqual({ code: 0, signal: null })
    expect(await csvOf(reader)).toBe(header)
  }, 30_000)

  it('passes over records that are not of the ETL, and says where', async () => {
    const { topic, write, drain } = await openCase()
    await write(0, 2)
    await site.oracle.write([{ topic, partition: 0, value: Buffer.from('{"secret":"canary"}') }])
    await write(2, 4)
    const reader = await drain()
    expect(await countRows(reader)).toBe(4)
    expect(await reader.waitForLine(/skipped records that the ETL did not write \(1\)/)).toMatchObject({
      topic,
      partition: 0,
      offset: '1',
    })
    expect(JSON.stringify(reader.lines)).not.toContain('canary')
  }, 30_000)

  it('keeps two readers with folders of their own apart, each with every row', async () => {
    const { write, startReader, expectExact } = await openCase()
    await write(0, 50)
    const readers = [await startReader(), await startReader()]
    await Promise.all(readers.map((reader) => waitForRows(reader, 50)))
    for (const reader of readers) await expectExact(reader)
    await Promise.all(readers.map((reader) => reader.terminate()))
  }, 60_000)

  it('refuses a folder that another reader uses, with exit code 1', async () => {
    const { write, startReader, expectExact } = await openCase()
    const first = await startReader()
    await first.waitForHttp('/ready', 200)
    const second = await startReader({}, first.folder)
    expect(await second.exit).toEqual({ code: 1, signal: null })
    await second.waitForLine(/expected a folder that no other reader uses/)
    await write(0, 10)
    await waitForRows(first, 10)
    await first.terminate()
    await expectExact(first)
  }, 60_000)

  it('reads partitions that are added while it runs, from their beginning', async () => {
    const { topic, recordOf, startReader, expectExact } = await openCase()
    const reader = await startReader()
    await reader.waitForHttp('/ready', 200)
    await site.oracle.growTopic(topic, 3)
    await site.oracle.write([recordOf(0, 2), recordOf(1, 2)])
    await waitForRows(reader, 2)
    await reader.terminate()
    await expectExact(reader)
  }, 60_000)

  it('stops loudly, exit code 2, when the topic was made again while it was away', async () => {
    const { topic, write, drain } = await openCase()
    await write(0, 10)
    const reader = await drain()
    await site.oracle.deleteTopic(topic)
    await recreate(topic)
    await write(100, 200)
    const again = await drain(reader.folder)
    expect(await again.exit).toEqual({ code: 2, signal: null })
    await again.waitForLine(/expected the topic that results.csv came from|got another one/)
    expect(await countRows(again)).toBe(10)
  }, 60_000)

  it('stops loudly when the topic is made again under it, and stays down with exit code 2', async () => {
    const { topic, write, startReader, drain } = await openCase()
    await write(0, 10)
    const reader = await startReader()
    await waitForRows(reader, 10)
    await site.oracle.deleteTopic(topic)
    await recreate(topic)
    await write(100, 104)
    expect((await reader.exit).code).toBeGreaterThan(0)
    const again = await drain(reader.folder)
    expect(await again.exit).toEqual({ code: 2, signal: null })
    expect(await countRows(again)).toBe(10)
  }, 60_000)

  it('stops loudly, exit code 2, when retention deleted records before they were read', async () => {
    const { topic, write, drain } = await openCase()
    await write(0, 10)
    const reader = await drain()
    await write(10, 20)
    await site.oracle.deleteRecords(topic, 0, 8n)
    const again = await drain(reader.folder)
    expect(await again.exit).toEqual({ code: 2, signal: null })
    await again.waitForLine(/retention deleted records before they were read/)
  }, 60_000)

  it.each([
    ['a file that is not its own', { 'results.csv': 'mine\n' }],
    ['a torn positions file', { 'results.positions.json': '{' }],
  ])(
    'refuses %s with exit code 2 and leaves it alone',
    async (_name, files) => {
      const { drain } = await openCase()
      const [name = '', content = ''] = Object.entries(files)[0] ?? []
      const { folder } = await drain()
      await rm(join(folder, 'results'), { recursive: true })
      await mkdir(join(folder, 'results'))
      await writeFile(join(folder, 'results', name), content)
      const reader = await drain(folder)
      expect(await reader.exit).toEqual({ code: 2, signal: null })
      expect(await readFile(join(folder, 'results', name), 'utf8')).toBe(content)
    },
    30_000,
  )
})
