import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { csvOf, openReaderCase, waitForRows, type ReaderCase } from '../support/reader-case.js'
import { parseResults } from '../support/results-csv.js'
import { withSharedBroker } from '../support/site.js'
import { mountTmpfs, testWithDisk } from '../support/tmpfs.js'
import { waitFor } from '../support/wait-for.js'

const crashPoints = ['midWrite', 'afterWrite', 'afterSync', 'midSidecar', 'afterRename', 'beforeKafkaCommit'] as const

withSharedBroker('the reader', {}, (site) => {
  let caseCount = 0
  const openCase = (): Promise<ReaderCase> => openReaderCase(site, `reader-fault-${++caseCount}`)

  it.each(crashPoints)(
    'killed at reader.%s, twice, loses and repeats no row',
    async (point) => {
      const { write, startReader, drain, expectExact } = await openCase()
      const { folder } = await startReader().then(async (reader) => {
        await reader.waitForHttp('/ready', 200)
        await reader.kill9()
        return reader
      })
      let next = 0
      for (let time = 1; time <= 2; time++) {
        await write(next, (next += 100))
        const reader = await startReader({ CRASH_AT: `reader.${point}:${time}` }, folder)
        // Some points are reached once per batch: send batches until the reader is gone.
        await waitFor(
          async () => {
            if (reader.hasEnded()) return true
            await write(next, ++next)
            return false
          },
          { what: `the reader to die at ${point}`, everyMs: 300 },
        )
        expect(await reader.exit).toEqual({ code: null, signal: 'SIGKILL' })
      }
      const last = await drain(folder)
      expect(await last.exit).toEqual({ code: 0, signal: null })
      await expectExact(last)
    },
    90_000,
  )

  testWithDisk(
    'on a full disk pauses without half a row, is not ready, stays in its group, and goes on when there is space',
    async () => {
      const { write, startReader, expectExact } = await openCase()
      const disk = await mountTmpfs(1)
      const reader = await startReader({ RESULTS_DIR: join(disk.folder, 'results') })
      const padding = 'x'.repeat(500)
      await write(0, 4_000, padding)
      await reader.waitForLine(/paused: no space for results.csv/)
      await reader.waitForHttp('/ready', 503)
      await reader.waitForHttp('/live', 200)
      expect(await reader.metric('reader_paused')).toBe(1)
      const full = await csvOf(disk)
      expect(full.endsWith('\n')).toBe(true)
      expect((await stat(join(disk.folder, 'results', 'results.csv'))).size).toBe(full.length)
      parseResults(full)
      await disk.resize(64)
      await waitForRows(disk, 4_000)
      await reader.waitForHttp('/ready', 200)
      expect(await reader.metric('reader_paused')).toBe(0)
      expect(await reader.metric('reader_rebalances_total')).toBe(1)
      expect(await reader.terminate()).toEqual({ code: 0, signal: null })
      await expectExact(disk)
      await disk.unmount()
    },
    90_000,
  )

  testWithDisk(
    'on a full disk stops with exit code 0 when asked to while it is paused, and goes on later',
    async () => {
      const { write, startReader, expectExact } = await openCase()
      const disk = await mountTmpfs(1)
      const resultsDir = join(disk.folder, 'results')
      const reader = await startReader({ RESULTS_DIR: resultsDir })
      await write(0, 4_000, 'x'.repeat(500))
      await reader.waitForLine(/paused: no space for results.csv/)
      expect(await reader.terminate()).toEqual({ code: 0, signal: null })
      await disk.resize(64)
      const later = await startReader({ RESULTS_DIR: resultsDir, READER_FOLLOW: 'false' })
      expect(await later.exit).toEqual({ code: 0, signal: null })
      await expectExact(disk)
      await disk.unmount()
    },
    90_000,
  )
})
