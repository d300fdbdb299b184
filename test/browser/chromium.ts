import { join } from 'node:path'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { repositoryRoot } from '../support/repository.js'

/** The Debian package's path; CHROMIUM overrides it. */
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] })

/** A page and its faults: errors of scripts, of the console, and of the content security policy. */
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

/**
 * Saves a picture for docs/console.md if PICTURES=1; otherwise each run would change the repository. `prepare` brings
 * about what the picture is to show and no test needs.
 */
export const savePicture = async (
  page: Page,
  name: string,
  prepare = (): Promise<void> => Promise.resolve(),
): Promise<void> => {
  if (process.env.PICTURES !== '1') return
  await prepare()
  await page.screenshot({ path: join(repositoryRoot, 'docs', 'pictures', `${name}.png`) })
}
