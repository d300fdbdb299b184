import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { superviseService } from '../support/supervisor.js'
import { within } from '../support/wait-for.js'
import { awaitNextOutput, judgeScene, layOutScene, loadOf, openSite, startStream, type Site } from './scene.js'

const apis = [
  'produce',
  'addPartitionsToTxn',
  'addOffsetsToTxn',
  'txnOffsetCommit',
  'endTxn',
  'initProducerId',
] as const

describe('an ETL whose connection breaks before it has the answer', () => {
  let site: Site
  beforeAll(async () => {
    site = await openSite({ proxies: ['etl'] })
  }, 180_000)
  afterAll(() => site.close(), 60_000)

  it.each(apis)(
    'to %s takes the outcome from the broker, never from a guess',
    async (api) => {
      const { kafka, oracle } = site
      const scene = await layOutScene(oracle, `lost-${api}`)
      const proxy = kafka.proxy('etl')
      const environment = { ...scene.environment, ETL_INSTANCE: 'one' }
      const etl = await superviseService({ service: 'etl', bootstrap: proxy.bootstrap, environment })
      // Every request of a transaction names its transactional id, which starts with the group's.
      const lost = proxy.inject('resetResponse', { api, nth: 2, body: `${scene.group}-` })
      const follower = oracle.follow(scene.outputTopic)
      const stream = startStream({ oracle, records: loadOf(scene, 40_000), perSecond: 500 })
      await within(lost.fired, { what: `a lost answer to ${api}` })
      expect(await awaitNextOutput(follower, Date.now())).toBeLessThan(15_000)
      const ledger = await stream.stop()
      await judgeScene(scene, { follower, ledger })
      proxy.restore()
      expect(await etl.stop()).toEqual({ code: 0, signal: null })
      expect(etl.exits).toHaveLength(1)
    },
    120_000,
  )
})
