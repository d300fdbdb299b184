import { join } from 'node:path'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { repositoryRoot } from '../support/repository.js'

/** Debian's; another by CHROMIUM. */
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] })

/** A page and what goes wrong in it: errors of scripts, of the console, and of the policy of what may be loaded. */
export type WatchedPage = { readonly page: Page; readonly faults: readonly string[] }

export const openPage = async (browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> => {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text())
  })
  return { page, faults }
}

/** For docs/console.md, where PICTURES=1 asks for it: else each run would change the repository. */
export const savePicture = async (page: Page, name: string): Promise<void> => {
  if (process.env.PICTURES !== '1') return
  await page.screenshot({ path: join(repositoryRoot, 'docs', 'pictures', `${name}.png`) })
}
