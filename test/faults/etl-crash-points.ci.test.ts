import { expect, it } from '@jest/globals'
import { withSharedBroker } from '../support/site.js'
import { superviseService } from '../support/supervisor.js'
import { waitFor } from '../support/wait-for.js'
import { awaitNextOutput, judgeScene, layOutScene, loadOf, startStream } from './scene.js'

const points = ['afterInit', 'afterSend', 'afterSendOffsets', 'beforeCommit', 'afterCommit', 'beforeResolve'] as const
const killed = { code: null, signal: 'SIGKILL' }

withSharedBroker('the ETL, killed at a point of its choice', {}, (site) => {
  const dieTwice = async (
    point: string,
    name: string,
    environment: Readonly<Record<string, string>>,
  ): Promise<number> => {
    const { kafka, oracle } = site
    const scene = await layOutScene(oracle, name)
    const etl = await superviseService({
      service: 'etl',
      bootstrap: kafka.bootstrap,
      environment: { ...scene.environment, ...environment },
      environmentOf: (run): Record<string, string> => (run <= 2 ? { CRASH_AT: `etl.${point}:${run}` } : {}),
    })
    const follower = oracle.follow(scene.outputTopic)
    const stream = startStream({ oracle, records: loadOf(scene, 40_000), perSecond: 500 })
    await waitFor(() => etl.exits.length >= 2, { what: `two deaths at etl.${point}`, deadlineMs: 60_000 })
    const recoveryMs = await awaitNextOutput(follower, Date.now())
    const ledger = await stream.stop()
    await judgeScene(scene, { follower, ledger })
    expect(etl.exits).toEqual([killed, killed])
    expect(await etl.stop()).toEqual({ code: 0, signal: null })
    return recoveryMs
  }

  it.each(points)(
    'at etl.%s, twice, comes back as the same member in less than 15 s',
    async (point) => {
      const recoveryMs = await dieTwice(point, `${point}-named`, { ETL_INSTANCE: 'one' })
      expect(recoveryMs).toBeLessThan(15_000)
    },
    120_000,
  )

  it('comes back in less than 15 s without a name of its own, too', async () => {
    const recoveryMs = await dieTwice('afterSendOffsets', 'nameless', {})
    expect(recoveryMs).toBeLessThan(15_000)
  }, 120_000)
})
