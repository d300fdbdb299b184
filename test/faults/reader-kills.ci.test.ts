import { afterAll, beforeAll, describe, it } from '@jest/globals'
import { surviveReaderKills } from './reader-kills.js'
import { openSite, type Site } from './scene.js'

describe('the reader, killed every 1 to 3 s for 30 s', () => {
  let site: Site
  beforeAll(async () => {
    site = await openSite()
  }, 180_000)
  afterAll(() => site.close(), 60_000)

  it('has every committed row once and in order', () => surviveReaderKills(site, 30_000), 180_000)
})
