import { expect, it } from '@jest/globals'
import type { ApiName } from '../support/kafka-frame.js'
import type { FaultAction } from '../support/fault-rules.js'
import type { SharedSite } from '../support/site.js'
import { superviseService } from '../support/supervisor.js'
import { within } from '../support/wait-for.js'
import { awaitNextOutput, judgeScene, layOutScene, loadOf, startStream } from './scene.js'

/** Every request of a transaction. */
const apis = [
  'produce',
  'addPartitionsToTxn',
  'addOffsetsToTxn',
  'txnOffsetCommit',
  'endTxn',
  'initProducerId',
] as const

/**
 * What happens to the second request of an API, and how soon the ETL writes again. `keepsRunning`: it must not need a
 * restart.
 */
export type LostMessage = {
  readonly action: FaultAction
  readonly perSecond: number
  readonly recoversWithinMs: number
  readonly keepsRunning: boolean
}

/**
 * A test for each request of a transaction that is lost, or whose response is: the ETL asks the broker for the outcome
 * and never guesses it.
 */
export const testLostMessages = (site: SharedSite, faults: readonly LostMessage[]): void => {
  it.each(faults.flatMap((fault) => apis.map((api) => ({ ...fault, api }))))(
    '$action of $api: takes the outcome from the broker',
    (fault) => surviveLostMessage(site, fault),
    240_000,
  )
}

const surviveLostMessage = async (
  { kafka, oracle }: SharedSite,
  { action, api, perSecond, recoversWithinMs, keepsRunning }: LostMessage & { readonly api: ApiName },
): Promise<void> => {
  const scene = await layOutScene(oracle, `${action}-${api}`)
  const proxy = kafka.proxy('etl')
  const environment = { ...scene.environment, ETL_INSTANCE: 'one' }
  const etl = await superviseService({ service: 'etl', bootstrap: proxy.bootstrap, environment })
  // Every request of a transaction contains its transactional id, which begins with the group's name.
  const lost = proxy.inject(action, { api, nth: 2, body: scene.group })
  const follower = oracle.follow(scene.outputTopic)
  const stream = startStream({ oracle, records: loadOf(scene, 60_000), perSecond })
  await within(lost.fired, { what: `${action} of ${api}` })
  await awaitNextOutput(follower, Date.now(), recoversWithinMs)
  const ledger = await stream.stop()
  await judgeScene(scene, { follower, ledger, deadlineMs: 120_000 })
  proxy.restore()
  expect(await etl.stop()).toEqual({ code: 0, signal: null })
  if (keepsRunning) expect(etl.exits).toHaveLength(1)
}
