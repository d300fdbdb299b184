import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { openBrowser, openPage } from '../browser/chromium.js'
import { withEngine } from '../support/engine-site.js'
import { installPipeline } from '../support/own-pipeline.js'
import { startServiceProcess, type ServiceProcess } from '../support/service-process.js'
import { waitFor } from '../support/wait-for.js'
import { sumSql } from './engine-proof.js'

jest.setTimeout(500_000)

const source = `import { definePipeline, json, Type } from '@kafka-etl/pipeline'
const Member = Type.Object({ name: Type.String() })
export const pipeline = definePipeline({
  name: 'proof',
  topics: {
    members: { name: 'members', value: json(Member) },
    known: { name: 'known_members', value: json(Member) },
  },
  steps: { members: ({ value }, { to }) => to.known(value) },
})`

const options = {
  topics: ['connector_updates', 'members', 'known_members'].map((name) => ({ name, partitionCount: 1 })),
  taskManagers: 1,
  sql: { 'sum.sql': sumSql },
}

withEngine('the console beside the engine', options, (site) => {
  let service: ServiceProcess
  let browser: Browser
  let page: Page
  let faults: readonly string[]

  beforeAll(async () => {
    const installation = await installPipeline('console', 'proof', source)
    mkdirSync(join(installation, 'pipelines', 'proof'), { recursive: true })
    writeFileSync(join(installation, 'pipelines', 'proof', 'sum.sql'), sumSql)
    service = await startServiceProcess({
      ...{ service: 'console', bootstrap: site.kafka.bootstrap, installation },
      environment: {
        PIPELINE: 'proof',
        CONSOLE_SERVICES: '',
        CONSOLE_ENGINE_URL: site.engine.flinkUrl,
      },
    })
    await service.waitForHttp('/ready', 200)
    browser = await openBrowser()
    ;({ page, faults } = await openPage(browser))
  })
  afterAll(() => browser.close())

  const job = () => page.locator('.job', { hasText: 'sum.sql' })
  const jobSays = (pattern: RegExp): Promise<unknown> =>
    waitFor(async () => pattern.test((await job().textContent()) ?? ''), {
      what: `a job that says ${String(pattern)}`,
      deadlineMs: 120_000,
    })

  it('shows a job, its checkpoints, and how it fails and comes back', async () => {
    await page.goto(`${service.httpUrl}/#/jobs`)
    await jobSays(/RUNNING.*proof\/sum\.sql; for .*; 0 restart.*last checkpoint.* ago/)
    expect(await job().locator('pre').count()).toBe(0)
    const [taskManager] = site.engine.taskManagers
    await taskManager?.kill9()
    await jobSays(/RESTARTING|not all of its tasks run/)
    await page.goto(`${service.httpUrl}/#/`)
    const box = page.locator('.flow .job', { hasText: 'running-sum' })
    await waitFor(async () => (await box.locator('.mood').textContent()) === 'failing', { what: 'a failing box' })
    await taskManager?.restart()
    await waitFor(async () => /at rest|moving/.test((await box.locator('.mood').textContent()) ?? ''), {
      what: 'a box that works',
      deadlineMs: 120_000,
    })
    await box.click()
    await jobSays(/RUNNING.*[1-9]\d* restart.*Its last failure:.*(TaskManager|taskmanager|TaskExecutor|Connection)/s)
    expect(faults).toEqual([])
  })

  it('says that the engine is away', async () => {
    await site.engine.jobManager.kill9()
    await page.goto(`${service.httpUrl}/#/jobs`)
    await page.locator('.fault', { hasText: 'The engine does not answer' }).waitFor({ timeout: 30_000 })
  })
})
