import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { startServiceProcess } from '../support/service-process.js'
import { withBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'
import { openBrowser, openPage, savePicture } from './chromium.js'

const countRows = (file: string): number => readFileSync(file, 'utf8').trimEnd().split('\n').length - 1

withBroker('the numbers of the console', {}, (site) => {
  it('are those of Kafka and of results.csv, and a rejection is told with its reason', async () => {
    const { bootstrap } = site.kafka
    const etl = await startServiceProcess({ service: 'etl', bootstrap })
    const reader = await startServiceProcess({ service: 'reader', bootstrap })
    await etl.waitForHttp('/ready', 200)
    await site.oracle.write([{ topic: 'timezone1', partition: 0, value: 'no JSON' }])
    const environment = { PRODUCER_RATE: '0', PRODUCER_COUNT: '500' }
    const producer = await startServiceProcess({ service: 'producer', bootstrap, environment })
    expect((await producer.exit).code).toBe(0)
    const addresses = `etl=${etl.httpUrl},reader=${reader.httpUrl}`
    const console = await startServiceProcess({
      service: 'console',
      bootstrap,
      environment: { CONSOLE_SERVICES: addresses },
    })
    await console.waitForHttp('/ready', 200)
    const browser = await openBrowser()
    const { page, faults } = await openPage(browser)
    await page.goto(console.httpUrl)
    const numbersOf = (title: string): Promise<string | null> =>
      page
        .locator('.flow a', { has: page.locator(`text="${title}"`) })
        .locator('.numbers')
        .textContent()
    const shows = (title: string, numbers: string): Promise<unknown> =>
      waitFor(async () => (await numbersOf(title)) === numbers, { what: `${title}: ${numbers}`, deadlineMs: 10_000 })
    const resultsFile = join(reader.folder, 'results', 'results.csv')
    await waitFor(() => countRows(resultsFile) === 500, { what: '500 rows', deadlineMs: 30_000 })
    await shows('unified_timestamps', '500 records')
    await shows('results/results.csv', '500 rows')
    await shows('dead_letters', '1 dead letter')
    const letters = page.locator('.flow a', { has: page.locator('text="dead_letters"') })
    await waitFor(async () => (await letters.locator('.note').textContent()) === 'value_not_json', {
      what: 'the reason of the rejection',
    })
    expect((await site.oracle.readTopic('unified_timestamps')).length).toBe(500)
    const clocks = async (): Promise<string> => (await page.locator('.clocks dd').allTextContents()).join(' | ')
    await waitFor(async () => /^[\d-]+ .* -0[45]00 \| .* \+0[12]00 \| .* \+0000$/.test(await clocks()), {
      what: 'the clocks of New York and Paris, and the one line',
    })
    await savePicture(page, 'timestamps', async () => {
      const environment = { PRODUCER_RATE: '25', PRODUCER_COUNT: '10000', PRODUCER_SEED: '7' }
      await startServiceProcess({ service: 'producer', bootstrap, environment })
      await waitFor(() => countRows(resultsFile) > 2_000, { what: 'a minute of logs', deadlineMs: 90_000 })
    })
    await page.goto(`${console.httpUrl}/#/groups`)
    const group = page.locator('section', { has: page.locator('h2:text-is("etl")') })
    await waitFor(
      async () => /Stable.*, 1 member.*timezone1\/0.*timezone2\/0/s.test((await group.textContent()) ?? ''),
      {
        what: 'the group, its member and its partitions',
      },
    )
    expect(faults).toEqual([])
    await browser.close()
  }, 120_000)
})
