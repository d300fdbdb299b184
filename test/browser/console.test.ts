import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import type { NewRecord } from '../support/oracle-records.js'
import { repositoryRoot } from '../support/repository.js'
import { startServiceProcess, type ServiceProcess } from '../support/service-process.js'
import { withBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'
import { openBrowser, openPage, savePicture } from './chromium.js'

const letters = 'noaa_dead_letters'
const topics = [
  { name: 'noaa-flat', partitionCount: 1 },
  { name: 'noaa-json', partitionCount: 4 },
  { name: 'noaa-json-us-az', partitionCount: 4 },
  { name: 'noaa-alerts', partitionCount: 1 },
  { name: letters, partitionCount: 2 },
]

const flat = (index: number, padding = ''): NewRecord => ({
  topic: 'noaa-flat',
  partition: 0,
  value: `{"station_id":"USW00003192","index":${index}${padding}}`,
})
const enriched = (index: number): NewRecord => ({
  topic: 'noaa-json',
  partition: index % 4,
  key: 'USW00003192',
  value: `{"index":${index}}`,
  headers: [{ name: 'source', value: `noaa-flat/0/${index}` }],
})
const rejected = (index: number, reason: string, value: string | Buffer): NewRecord => ({
  topic: letters,
  partition: 0,
  value,
  headers: [
    { name: 'source', value: `noaa-flat/0/${index}` },
    { name: '__etl.errors.reason', value: reason },
    { name: '__etl.errors.message', value: 'Expected JSON, got <img src=x onerror="window.attacked=1">' },
    { name: '__etl.errors.timestamp', value: '1707217879944' },
  ],
})
const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

/** Everything that could harm a page, or deceive its reader. */
const hostile = '<script>window.attacked=1</script><img src=x onerror="window.attacked=1">\u202egnp.exe\u0007\u2028end'

/** Runs in the page: how much has moved by itself (https://web.dev/articles/cls). */
const watchShifts = `
window.shifts = 0
new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value })
  .observe({ type: 'layout-shift', buffered: true })`

withBroker('the console', {}, (site) => {
  let browser: Browser
  let service: ServiceProcess

  const open = async (view: string, options: Parameters<typeof openPage>[1] = {}) => {
    const opened = await openPage(browser, options)
    await opened.page.goto(`${service.httpUrl}/#/${view}`)
    return opened
  }
  const close = (page: Page): Promise<void> => page.context().close()
  const boxOf = (page: Page, title: string) => page.locator('.flow a', { has: page.locator(`text="${title}"`) })
  const numbersOf = (page: Page, title: string): Promise<string | null> =>
    boxOf(page, title).locator('.numbers').textContent()

  beforeAll(async () => {
    const { oracle, kafka } = site
    await oracle.createTopics(topics)
    await oracle.write(many(100, (index) => flat(index)))
    await oracle.write(many(40, enriched), { transactionalId: 'etl' })
    await oracle.endTransaction('etl', 'commit')
    await oracle.write(many(7, enriched), { transactionalId: 'etl' })
    await oracle.endTransaction('etl', 'abort')
    service = await startServiceProcess({
      service: 'console',
      bootstrap: kafka.bootstrap,
      environment: { PIPELINE: 'noaa', CONSOLE_SERVICES: '' },
    })
    await service.waitForHttp('/ready', 200)
    browser = await openBrowser()
  }, 60_000)
  afterAll(() => browser.close())

  it('draws the way of the data with the numbers that Kafka has, and moves within a second', async () => {
    const { page, faults } = await open('')
    for (const { name } of topics.slice(0, 4)) {
      const { length } = await site.oracle.readTopic(name)
      await waitFor(async () => (await numbersOf(page, name)) === `${length} records`, {
        what: `${length} records of ${name}`,
      })
    }
    await site.oracle.write(many(5, (index) => flat(100 + index)))
    await waitFor(async () => (await numbersOf(page, 'noaa-flat')) === '105 records', {
      what: 'five more',
      deadlineMs: 1_500,
    })
    expect(await boxOf(page, 'step flat').locator('.mood').textContent()).toBe('not running')
    expect(faults).toEqual([])
    await close(page)
  }, 30_000)

  it('tells a rejection with its reason, and shows hostile bytes as text', async () => {
    const { page, faults } = await open('letters')
    await page.locator('text="No dead letters, or none that match."').waitFor()
    await site.oracle.write([rejected(41, 'value_not_json', hostile)])
    const letter = page.locator('.letter')
    await letter.waitFor({ timeout: 3_000 })
    expect(await letter.locator('h2').textContent()).toBe('value_not_json')
    expect(await letter.locator('.bytes').textContent()).toContain(
      'onerror="window.attacked=1">\\u{202e}gnp.exe\\u{0007}\\u{2028}end',
    )
    expect(await letter.locator('code').textContent()).toBe('npm run admin -- dead-letters replay --letter 0/0')
    await letter.getByRole('link', { name: 'noaa-flat/0/41' }).click()
    await page.locator('text="What became of it"').waitFor()
    expect(await page.locator('.trace').textContent()).toContain('rejected: value_not_json')
    expect(await page.evaluate('window.attacked')).toBeUndefined()
    expect(faults).toEqual([])
    await close(page)
  }, 30_000)

  it('shows records as they come, from an offset on, and one by its address', async () => {
    const { page, faults } = await open('topic/noaa-json')
    const rows = page.locator('.records tbody tr')
    await waitFor(async () => (await rows.count()) === 40, { what: '40 committed records' })
    await site.oracle.write([{ ...enriched(50), value: Buffer.from([0, 255, 1]) }])
    await waitFor(async () => (await rows.count()) === 41, { what: 'the new record', deadlineMs: 2_000 })
    expect(await rows.first().textContent()).toContain('hex 00 ff 01')
    await page.getByLabel('Which records').selectOption('offset')
    await page.getByLabel('Place or time').fill('2/5')
    await page.getByRole('button', { name: 'Show' }).click()
    await waitFor(async () => (await rows.count()) === 6, { what: 'partition 2 from offset 5 on' })
    await page.goto(`${service.httpUrl}/#/record/noaa-json/2/5`)
    await page.locator('pre').waitFor()
    expect(await page.locator('pre').textContent()).toBe('{"index":22}')
    expect(await page.locator('.trace').first().textContent()).toContain('noaa-flat/0/22')
    expect(faults).toEqual([])
    await close(page)
  }, 30_000)

  it('shows records from a time on, or those that hold a text, and stops where it is paused', async () => {
    const write = (...values: string[]): Promise<unknown> =>
      site.oracle.write(values.map((value) => ({ topic: 'noaa-alerts', partition: 0, value })))
    await write('alert one', 'alert two')
    const { page, faults } = await open('topic/noaa-alerts')
    const rows = page.locator('.records tbody tr')
    const show = async (what: string, count: number): Promise<void> => {
      await page.getByRole('button', { name: 'Show' }).click()
      await waitFor(async () => (await rows.count()) === count, { what })
    }
    await page.getByLabel('Which records').selectOption('time')
    await page.getByLabel('Place or time').fill('2100-01-01')
    await show('no record of the future', 0)
    await page.getByLabel('Place or time').fill('2020-01-01 12:00')
    await show('all records', 2)
    await page.getByLabel('Text that a record contains').fill('TWO')
    await show('the record that holds the text', 1)
    await page.getByLabel('Text that a record contains').fill('')
    await page.getByLabel('Which records').selectOption('newest')
    await show('both', 2)
    await page.getByRole('button', { name: 'Pause' }).click()
    await write('alert three')
    await page.locator('.note', { hasText: '3 records in the topic' }).waitFor()
    expect(await rows.count()).toBe(2)
    await page.getByRole('button', { name: 'Resume' }).click()
    await waitFor(async () => (await rows.count()) === 3, { what: 'the record that came meanwhile' })
    expect(faults).toEqual([])
    await close(page)
  }, 30_000)

  it('explains its terms within the window, and is used by keyboard', async () => {
    const { page, faults } = await open('', { viewport: { width: 360, height: 740 } })
    await page.locator('#connection', { hasText: 'live' }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.id')).toBe('main')
    expect(await page.locator('h1').textContent()).toBe('The path of the data')
    for (const term of await page.locator('.term').all()) {
      await term.focus()
      const box = await term.locator('.explanation').boundingBox()
      expect(box?.x).toBeGreaterThanOrEqual(0)
      expect((box?.x ?? 0) + (box?.width ?? Infinity)).toBeLessThanOrEqual(360)
    }
    for (const address of ['topic/%', 'topic/..%2f..', 'record/none/0/0', 'nowhere']) {
      await page.goto(`${service.httpUrl}/#/${address}`)
      await page.locator('h1').waitFor()
    }
    expect(await page.locator('#connection').textContent()).toBe('live')
    // The page requests a record of a missing topic, and gets 404.
    expect(faults.filter((fault) => !fault.includes('404'))).toEqual([])
    await close(page)
  }, 30_000)

  it.each([
    ['', 'light'],
    ['', 'dark'],
    ['topics', 'dark'],
    ['topic/noaa-json', 'light'],
    ['record/noaa-flat/0/22', 'dark'],
    ['letters', 'light'],
    ['groups', 'dark'],
  ] as const)(
    'fits a phone and is accessible: %s, %s',
    async (view, colorScheme) => {
      const { page, faults } = await open(view, { viewport: { width: 360, height: 740 }, colorScheme })
      await page.locator('#connection', { hasText: 'live' }).waitFor()
      await page.locator('h1').waitFor()
      await sleep(1_000)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
      await page.evaluate(readFileSync(join(repositoryRoot, 'node_modules/axe-core/axe.min.js'), 'utf8'))
      const { violations } = await page.evaluate<{
        violations: { id: string; impact: string; nodes: { html: string }[] }[]
      }>('axe.run()')
      const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact))
      expect(serious.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
      expect(faults).toEqual([])
      await close(page)
    },
    30_000,
  )

  it('stays where it is, and small, while 20,000 records come in a second', async () => {
    const { page, faults } = await open('topic/noaa-flat')
    const overview = await open('')
    await numbersOf(overview.page, 'noaa-flat')
    await overview.page.evaluate(watchShifts)
    const before = (await site.oracle.readTopic('noaa-flat')).length
    const startedMs = performance.now()
    for (let second = 0; second < 3; second++) {
      await site.oracle.write(many(20_000, (index) => flat(index)))
      await sleep(Math.max(0, (second + 1) * 1_000 - (performance.now() - startedMs)))
    }
    await page.locator('.note', { hasText: 'were skipped' }).waitFor()
    expect(await page.locator('.records tbody tr').count()).toBeLessThanOrEqual(200)
    const total = new Intl.NumberFormat('en').format(before + 60_000)
    await waitFor(async () => (await numbersOf(overview.page, 'noaa-flat')) === `${total} records`, {
      what: `${total} records`,
    })
    expect(Number(await overview.page.evaluate('window.shifts'))).toBeLessThan(0.1)
    await savePicture(overview.page, 'overview')
    expect([...faults, ...overview.faults]).toEqual([])
    await close(page)
    await close(overview.page)
  }, 60_000)

  it('says that Kafka is down, and finds it again by itself', async () => {
    const { page } = await open('')
    await page.locator('#connection', { hasText: 'live' }).waitFor()
    await site.kafka.broker.kill9()
    await page.locator('#connection', { hasText: 'Kafka does not answer' }).waitFor({ timeout: 15_000 })
    expect(await page.locator('.advice').textContent()).toContain('finds it again by itself')
    await site.kafka.broker.restart()
    await page.locator('#connection', { hasText: 'live' }).waitFor({ timeout: 30_000 })
    await close(page)
  }, 60_000)
})
