import {
  readerSettings,
  runService,
  SettingsError,
  type ReaderSettings,
  type Service,
  type ServiceContext,
} from '@kafka-etl/common'
import { ensureTopics, explainKafkaError, withKafka } from '@kafka-etl/kafka'
import { needsOfPipeline } from '@kafka-etl/pipeline'
import { runPipelineService } from '@kafka-etl/pipeline/service'
import { readCommandLine } from './command-line.js'
import { createReader } from './reader.js'
import type { ReaderContext } from './reader-context.js'
import { planResults, type ResultPlan } from './result-plan.js'

/** On a terminal SIGHUP says that it was closed, which ends the process. */
const onHangUp = (listener: () => void): void => {
  if (!process.stdout.isTTY) process.on('SIGHUP', listener)
}

type Work = Pick<ReaderContext, 'plans' | 'prepareTopics'>

const create = (context: ServiceContext<ReaderSettings>, work: Work): Service =>
  createReader({
    ...withKafka(context),
    ...work,
    platform: process.platform,
    output: process.stdout,
    onRotationAsked: onHangUp,
  })

const options = { name: 'reader', table: readerSettings, explainError: explainKafkaError }

const runTopic = (plan: ResultPlan | undefined, faults: readonly string[]): Promise<void> =>
  runService({
    ...options,
    // Beside a stack, whose reader has the port.
    httpPort: 0,
    faults,
    create: (context) =>
      create(context, {
        plans: plan ? [plan] : [],
        prepareTopics: async (admin) => {
          const topics = plan ? [plan.topic] : []
          const counts = await admin.readPartitionCounts(topics)
          const missing = topics.find((topic) => !counts.has(topic))
          if (missing !== undefined) throw new SettingsError(`--topic: expected a topic that exists, got ${missing}`)
        },
      }),
  })

const runPipeline = (): Promise<void> =>
  runPipelineService({
    ...options,
    httpPort: 9466,
    create: (context) => {
      const { definition, names } = context.pipeline
      return create(context, {
        plans: planResults(definition),
        prepareTopics: async (admin) => {
          await ensureTopics(admin, needsOfPipeline(definition, names), context.logger)
        },
      })
    },
  })

const commandLine = readCommandLine(process.argv.slice(2))
if (commandLine.kind === 'topic') void runTopic(commandLine.plan, [])
else if (commandLine.kind === 'wrong') void runTopic(undefined, commandLine.faults)
else void runPipeline()
