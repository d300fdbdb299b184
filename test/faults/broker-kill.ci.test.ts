import { afterAll, beforeAll, describe, it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { surviveOutage } from './broker-outage.js'
import { openSite, type Site } from './scene.js'

describe('a broker killed under load', () => {
  let site: Site
  beforeAll(async () => {
    site = await openSite()
  }, 180_000)
  afterAll(() => site.close(), 60_000)

  it('and back after 12 s loses, repeats and reorders nothing', async () => {
    const { broker } = site.kafka
    await surviveOutage(site, 'down-12', async () => {
      await broker.kill9()
      await sleep(12_000)
      await broker.restart()
    })
  }, 240_000)
})
