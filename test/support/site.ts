import { afterAll, beforeAll, describe } from '@jest/globals'
import { startKafka, type KafkaAccess, type KafkaOptions, type TestKafka } from './kafka.js'
import { startOracle, type Oracle } from './oracle.js'
import { reachSharedKafka } from './shared-kafka.js'

/**
 * What tests on a real Kafka get: the broker, and the oracle, which reaches it without any proxy. Use both only inside
 * a test or a hook.
 */
export type Site<Kafka extends KafkaAccess = TestKafka> = { readonly kafka: Kafka; readonly oracle: Oracle }

/** The same on a broker that other test files use, too: do not stop it, pause it or change its settings. */
export type SharedSite = Site<KafkaAccess>

type OpenSite<Kafka extends KafkaAccess> = Site<Kafka> & { readonly close: () => Promise<void> }

/** Starts both, for a test that has to do something first; `close` ends them. */
export const openSite = async (options: KafkaOptions): Promise<OpenSite<TestKafka>> => {
  const kafka = await startKafka(options)
  const oracle = await startOracle(kafka.bootstrap)
  const close = async (): Promise<void> => {
    await oracle.stop()
    await kafka.stop()
  }
  return { kafka, oracle, close }
}

const openSharedSite = async (proxies: readonly string[]): Promise<OpenSite<KafkaAccess>> => {
  const { kafka, close } = await reachSharedKafka(proxies)
  const oracle = await startOracle(kafka.bootstrap)
  const leave = async (): Promise<void> => {
    await oracle.stop()
    await close()
  }
  return { kafka, oracle, close: leave }
}

const describeOnSite = <Kafka extends KafkaAccess>(
  what: string,
  open: () => Promise<OpenSite<Kafka>>,
  tests: (site: Site<Kafka>) => void,
): void => {
  describe(what, () => {
    let opened: OpenSite<Kafka> | undefined
    const site = (): OpenSite<Kafka> => {
      if (opened === undefined)
        throw new Error('Expected the broker to be used in a test or a hook, got it used before')
      return opened
    }
    beforeAll(async () => {
      opened = await open()
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

/**
 * Tests on a separate Kafka. It starts before the first test, and stops after the last one and after their own hooks.
 */
export const withBroker = (
  what: string,
  options: KafkaOptions | (() => Promise<KafkaOptions>),
  tests: (site: Site) => void,
): void => describeOnSite(what, async () => openSite(typeof options === 'function' ? await options() : options), tests)

/**
 * Tests on the Kafka that all such files of a jest worker share, with separate topics, groups and transactional ids.
 */
export const withSharedBroker = (
  what: string,
  { proxies = [] }: { readonly proxies?: readonly string[] },
  tests: (site: SharedSite) => void,
): void => describeOnSite(what, () => openSharedSite(proxies), tests)
