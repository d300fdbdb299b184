import { appendFile, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { countRows, csvOf, openReaderCase, waitForRows, type ReaderCase } from '../support/reader-case.js'
import { withSharedBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'

withSharedBroker('reader, its files', {}, (site) => {
  let caseCount = 0
  const openCase = (): Promise<ReaderCase> => openReaderCase(site, `reader-files-${++caseCount}`)
  const handWritten = '1,"my own note",2,1\n'

  it('refuses rows that somebody added after it had stopped, and leaves them alone', async () => {
    const { write, drain } = await openCase()
    await write(0, 10)
    const reader = await drain()
    await appendFile(join(reader.folder, 'results', 'results.csv'), handWritten)
    const again = await drain(reader.folder)
    expect(await again.exit).toEqual({ code: 2, signal: null })
    await again.waitForLine(/somebody has added 20 bytes at its end/)
    expect((await csvOf(reader)).endsWith(handWritten)).toBe(true)
  }, 60_000)

  it('keeps rows that somebody added after it was killed, in a file of their own', async () => {
    const { write, startReader, drain, expectExact } = await openCase()
    await write(0, 10)
    const reader = await startReader()
    await waitForRows(reader, 10)
    await reader.waitForLine(/wrote \d+ rows?, 10 in all/)
    await reader.kill9()
    await appendFile(join(reader.folder, 'results', 'results.csv'), handWritten)
    const again = await drain(reader.folder)
    expect(await again.exit).toEqual({ code: 0, signal: null })
    const { file } = await again.waitForLine(/moved the last 20 bytes of results.csv to/)
    expect(await readFile(join(reader.folder, 'results', String(file)), 'utf8')).toBe(handWritten)
    await expectExact(again)
  }, 60_000)

  it('begins a new results.csv on SIGHUP, each row once over all files, also when it is killed soon after', async () => {
    const { write, startReader, drain } = await openCase()
    const reader = await startReader()
    await reader.waitForHttp('/ready', 200)
    const messages: string[] = []
    let next = 0
    let { pid, folder } = reader
    let running = reader
    for (let round = 0; round < 4; round++) {
      await write(next, (next += 500))
      process.kill(pid, 'SIGHUP')
      if (round % 2 === 1) await running.kill9()
      else await running.waitForLine(/results.csv is now results\..*\.csv; a new one has begun/)
      if (round % 2 === 1) {
        running = await startReader({}, folder)
        ;({ pid, folder } = running)
        await running.waitForHttp('/ready', 200)
      }
    }
    expect(await running.terminate()).toEqual({ code: 0, signal: null })
    const last = await drain(folder)
    expect(await last.exit).toEqual({ code: 0, signal: null })
    const names = (await readdir(join(folder, 'results'))).filter((name) => /^results\.(\d.*\.)?csv$/.test(name))
    expect(names.length).toBeGreaterThanOrEqual(3)
    for (const name of names) {
      const [header, ...rows] = (await readFile(join(folder, 'results', name), 'utf8')).trimEnd().split('\n')
      expect(header).toBe('timestamp,message,time,diff')
      messages.push(...rows.map((row) => row.split('"')[1] ?? ''))
    }
    const numbers = messages.map(Number).sort((one, other) => one - other)
    expect(numbers).toEqual(Array.from({ length: next }, (_, index) => index))
  }, 90_000)

  it.each(['é', 'a,b', 'a:b', 'c%41d#e', 'with blanks'])(
    'keeps its results in a folder called %j',
    async (name) => {
      const { write, startReader } = await openCase()
      await write(0, 3)
      const reader = await startReader({ READER_FOLLOW: 'false', RESULTS_DIR: join(name, 'results') })
      expect(await reader.exit).toEqual({ code: 0, signal: null })
      expect(await countRows({ folder: join(reader.folder, name) })).toBe(3)
    },
    30_000,
  )

  it('says that the log began before it, if a part of it is deleted', async () => {
    const { topic, write, drain } = await openCase()
    await write(0, 20)
    await site.oracle.deleteRecords(topic, 0, 4n)
    const reader = await drain()
    expect(await reader.exit).toEqual({ code: 0, signal: null })
    await reader.waitForLine(/\/0 begins at offset 4: earlier records were deleted/)
    expect(await countRows(reader)).toBe(16)
    await waitFor(() => reader.hasEnded(), { what: 'the end' })
  }, 30_000)
})
