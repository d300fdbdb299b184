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
const actions = ['dropRequest', 'dropResponse', 'resetRequest'] as const
const faults = actions.flatMap((action) => apis.map((api) => ({ action, api })))

describe('an ETL that waits in vain', () => {
  let site: Site
  beforeAll(async () => {
    site = await openSite({ proxies: ['etl'] })
  }, 180_000)
  afterAll(() => site.close(), 60_000)

  // Without a reset the client waits its 30 s for the answer: nothing else may be lost meanwhile.
  it.each(faults)(
    '$action of $api: takes the outcome from the broker',
    async ({ action, api }) => {
      const { kafka, oracle } = site
      const scene = await layOutScene(oracle, `${action}-${api}`)
      const proxy = kafka.proxy('etl')
      const environment = { ...scene.environment, ETL_INSTANCE: 'one' }
      const etl = await superviseService({ service: 'etl', bootstrap: proxy.bootstrap, environment })
      const lost = proxy.inject(action, { api, nth: 2, body: `${scene.group}-` })
      const follower = oracle.follow(scene.outputTopic)
      const stream = startStream({ oracle, records: loadOf(scene, 60_000), perSecond: 200 })
      await within(lost.fired, { what: `a lost ${api}` })
      await awaitNextOutput(follower, Date.now(), 90_000)
      const ledger = await stream.stop()
      await judgeScene(scene, { follower, ledger, deadlineMs: 120_000 })
      proxy.restore()
      expect(await etl.stop()).toEqual({ code: 0, signal: null })
    },
    240_000,
  )
})
