import { readerSettings, runService, type ReaderSettings, type Service, type ServiceContext } from '@kafka-etl/common'
import { ensureTopics, explainKafkaError, withKafka } from '@kafka-etl/kafka'
import { needsOfPipeline } from '@kafka-etl/pipeline'
import { runPipelineService } from '@kafka-etl/pipeline/service'
import { readCommandLine } from './command-line.js'
import { createConnectPlan, leaveUnconnected } from './connected-plan.js'
import { createReader } from './reader.js'
import type { ReaderContext } from './reader-context.js'
import { planResults, type ResultPlan } from './result-plan.js'
import { expectTopic } from './topic/expected-topic.js'

/** SIGHUP requests a rotation. On a terminal it means that the terminal was closed, which ends the process. */
const onHangUp = (listener: () => void): void => {
  if (!process.stdout.isTTY) process.on('SIGHUP', listener)
}

type Work = Pick<ReaderContext, 'plans' | 'prepareTopics' | 'connectPlan'>

const create = (context: ServiceContext<ReaderSettings>, work: Work): Service =>
  createReader({
    ...withKafka(context),
    ...work,
    platform: process.platform,
    output: process.stdout,
    onRotationAsked: onHangUp,
  })

const options = { name: 'reader', table: readerSettings, explainError: explainKafkaError }

const runTopic = (plan: ResultPlan): Promise<void> =>
  runService({
    ...options,
    // This may run next to a stack, whose reader uses the port.
    httpPort: 0,
    create: (context) => {
      const reader = create(context, {
        plans: [plan],
        prepareTopics: () => Promise.resolve(),
        connectPlan: leaveUnconnected,
      })
      const { kafka } = withKafka(context)
      return {
        ...reader,
        run: async (stopping) => {
          // Check first: a misspelt name must leave no files behind.
          if (await expectTopic({ ...context, kafka, stopping }, plan.topic)) await reader.run(stopping)
        },
      }
    },
  })

const refuse = (faults: readonly string[]): Promise<void> =>
  runService({ ...options, httpPort: 0, faults, create: (context) => create(context, noWork) })

const noWork: Work = { plans: [], prepareTopics: () => Promise.resolve(), connectPlan: leaveUnconnected }

const runPipeline = (): Promise<void> =>
  runPipelineService({
    ...options,
    httpPort: 9466,
    create: (context) => {
      const { definition, names } = context.pipeline
      return create(context, {
        plans: planResults(definition),
        connectPlan: createConnectPlan(definition, context),
        prepareTopics: async (admin) => {
          await ensureTopics(admin, needsOfPipeline(definition, names), context.logger)
        },
      })
    },
  })

const commandLine = readCommandLine(process.argv.slice(2))
if (commandLine.kind === 'topic') void runTopic(commandLine.plan)
else if (commandLine.kind === 'wrong') void refuse(commandLine.faults)
else void runPipeline()
