import { afterAll, beforeAll, describe } from '@jest/globals'
import { startEngine, startKafkaForEngine, type EngineOptions, type TestEngine } from './engine.js'
import type { KafkaOptions, TestKafka } from './kafka.js'
import { startOracle, type NewTopic, type Oracle } from './oracle.js'

/** What tests of jobs on a real Flink get. Use it only inside a test or a hook. */
export type EngineSite = { readonly kafka: TestKafka; readonly oracle: Oracle; readonly engine: TestEngine }

export type EngineSiteOptions = Pick<EngineOptions, 'taskManagers' | 'sql' | 'environment'> & {
  /** Topics that are created before the engine starts. */
  readonly topics: readonly NewTopic[]
  readonly kafka?: Omit<KafkaOptions, 'beforeBroker'>
  /** Kafka's address for the engine; by default its own address. */
  readonly bootstrapOf?: (kafka: TestKafka) => string
}

type OpenEngineSite = EngineSite & { readonly close: () => Promise<void> }

const openEngineSite = async ({
  topics,
  kafka: kafkaOptions,
  bootstrapOf = ({ bootstrap }) => bootstrap,
  ...engineOptions
}: EngineSiteOptions): Promise<OpenEngineSite> => {
  const { kafka, zookeeperPort } = await startKafkaForEngine(kafkaOptions)
  const oracle = await startOracle(kafka.bootstrap)
  await oracle.createTopics(topics)
  const { folder } = kafka
  const engine = await startEngine({ ...engineOptions, bootstrap: bootstrapOf(kafka), zookeeperPort, folder })
  const close = async (): Promise<void> => {
    for (const server of [engine.service, ...engine.taskManagers, engine.jobManager]) await server.stop()
    await oracle.stop()
    await kafka.stop()
  }
  return { kafka, oracle, engine, close }
}

/** Tests on a separate Kafka and Flink. All jobs work before the first test begins. */
export const withEngine = (what: string, options: EngineSiteOptions, tests: (site: EngineSite) => void): void => {
  describe(what, () => {
    let opened: OpenEngineSite | undefined
    const site = (): OpenEngineSite => {
      if (opened === undefined)
        throw new Error('Expected the engine to be used in a test or a hook, got it used before')
      return opened
    }
    beforeAll(async () => {
      opened = await openEngineSite(options)
    })
    tests({
      get kafka() {
        return site().kafka
      },
      get oracle() {
        return site().oracle
      },
      get engine() {
        return site().engine
      },
    })
    afterAll(() => opened?.close())
  })
}
