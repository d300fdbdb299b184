import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { runAdmin, type AdminResult } from '../support/admin-process.js'
import { openReaderCase, waitForRows, type ReaderCase } from '../support/reader-case.js'
import type { ServiceProcess } from '../support/service-process.js'
import { withSharedBroker } from '../support/site.js'

const rotatedName = /^results\.\d.*\.csv$/

withSharedBroker('admin rotate', {}, (site) => {
  let caseCount = 0
  const openCase = (): Promise<ReaderCase> => openReaderCase(site, `rotation-${++caseCount}`)
  const rotate = (folder: string, environment = {}, ...options: string[]): Promise<AdminResult> =>
    runAdmin(['rotate', '--json', ...options], {
      bootstrap: site.kafka.bootstrap,
      environment: { RESULTS_DIR: join(folder, 'results'), ...environment },
    })
  const listRotated = async (folder: string): Promise<readonly string[]> =>
    (await readdir(join(folder, 'results'))).filter((name) => rotatedName.test(name)).toSorted()
  /** Fails unless the files contain the rows 0 to `count`, each once. */
  const expectOnce = async (folder: string, count: number): Promise<void> => {
    const messages: string[] = []
    for (const name of [...(await listRotated(folder)), 'results.csv']) {
      const [header, ...rows] = (await readFile(join(folder, 'results', name), 'utf8')).trimEnd().split('\n')
      expect(header).toBe('timestamp,message,time,diff')
      messages.push(...rows.map((row) => row.split('"')[1] ?? ''))
    }
    const numbers = messages.map(Number).toSorted((one, other) => one - other)
    expect(numbers).toEqual(Array.from({ length: count }, (_, index) => index))
  }
  const startReady = async (reader: Promise<ServiceProcess>): Promise<ServiceProcess> => {
    const started = await reader
    await started.waitForHttp('/ready', 200)
    return started
  }

  it('has the reader begin a new file, whether it runs, is stopped or was killed', async () => {
    const { write, startReader, drain } = await openCase()
    const first = await startReady(startReader())
    const { folder } = first
    await write(0, 100)
    await waitForRows(first, 100)
    const running = await rotate(folder)
    expect(running).toMatchObject({ code: 0 })
    const [name] = await listRotated(folder)
    expect(running.json()).toEqual([{ result: 'results.csv', kind: 'rotated', file: name }])
    await write(100, 200)
    await waitForRows(first, 100)
    await first.terminate()
    const ofOther = await rotate(folder, { PIPELINE: 'noaa' })
    expect(ofOther.json()).toEqual([{ result: 'noaa/noaa-alerts.csv', kind: 'missing' }])
    expect(await rotate(folder, { PIPELINE: 'noaa' }, '--all')).toMatchObject({ code: 0 })
    expect(await listRotated(folder)).toHaveLength(2)
    await write(200, 300)
    const second = await startReady(startReader({}, folder))
    await waitForRows(second, 100)
    await second.waitForLine(/wrote \d+ rows?, 100 in all/)
    await second.kill9()
    expect(await rotate(folder)).toMatchObject({ code: 0 })
    expect(await listRotated(folder)).toHaveLength(3)
    await write(300, 400)
    await drain(folder)
    await expectOnce(folder, 400)
  }, 90_000)

  it.each([['reader.afterRename:4'], ['rotation.asked:1']])(
    'keeps each row once when the command is killed at %s',
    async (crashAt) => {
      const { write, drain } = await openCase()
      await write(0, 20)
      const { folder } = await drain()
      expect(await rotate(folder, { CRASH_AT: crashAt })).toMatchObject({ signal: 'SIGKILL' })
      await write(20, 40)
      await drain(folder)
      expect(await listRotated(folder)).toHaveLength(1)
      await expectOnce(folder, 40)
    },
    60_000,
  )

  it.each([['reader.afterRotation:1'], ['reader.afterRename:4']])(
    'keeps each row once when the reader is killed at %s',
    async (crashAt) => {
      const { write, drain, startReader } = await openCase()
      await write(0, 20)
      const { folder } = await drain()
      // Requested while no reader runs; the reader that is killed performs it.
      await rotate(folder, { CRASH_AT: 'rotation.asked:1' })
      await write(20, 40)
      const killed = await startReader({ CRASH_AT: crashAt }, folder)
      expect(await killed.exit).toMatchObject({ signal: 'SIGKILL' })
      await drain(folder)
      expect(await listRotated(folder)).toHaveLength(1)
      await expectOnce(folder, 40)
    },
    60_000,
  )
})
