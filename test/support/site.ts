import { afterAll, beforeAll, describe } from '@jest/globals'
import { startKafka, type KafkaOptions, type TestKafka } from './kafka.js'
import { startOracle, type Oracle } from './oracle.js'

/** What tests on a real Kafka have: the broker, and the oracle, which reaches it past every proxy. Both only inside a test or a hook. */
export type Site = { readonly kafka: TestKafka; readonly oracle: Oracle }

type OpenSite = Site & { readonly close: () => Promise<void> }

/** Starts both, for a test that has to do something before; `close` ends them. */
export const openSite = async (options: KafkaOptions): Promise<OpenSite> => {
  const kafka = await startKafka(options)
  const oracle = await startOracle(kafka.bootstrap)
  const close = async (): Promise<void> => {
    await oracle.stop()
    await kafka.stop()
  }
  return { kafka, oracle, close }
}

/** Tests on a Kafka that is theirs alone. It starts before the first of them, and stops after the last and after their own hooks. */
export const withBroker = (
  what: string,
  options: KafkaOptions | (() => Promise<KafkaOptions>),
  tests: (site: Site) => void,
): void => {
  describe(what, () => {
    let opened: OpenSite | undefined
    const site = (): OpenSite => {
      if (opened === undefined)
        throw new Error('Expected the broker to be used in a test or a hook, got it used before')
      return opened
    }
    beforeAll(async () => {
      opened = await openSite(typeof options === 'function' ? await options() : options)
    }, 180_000)
    tests({
      get kafka() {
        return site().kafka
      },
      get oracle() {
        return site().oracle
      },
    })
    afterAll(() => opened?.close(), 60_000)
  })
}
