import { outputPartition, type CommonSettings } from '@kafka-etl/common'
import { ensureTopics, toKafkaAdmin } from '@kafka-etl/kafka'
import { createConvertBatch } from './convert-batch.js'
import type { Route } from './input-record.js'
import { createPartitionTask, type PartitionTask } from './partition-task.js'
import { createTimestampsPipeline } from './pipelines/timestamps/timestamps-pipeline.js'
import { readPosition } from './positions.js'
import type { Run } from './run.js'
import { openTransactionalWriter } from './transactional-writer.js'

/** The task of an input partition, made when it is needed first. */
export const taskOf = (run: Run, topic: string, partition: number): PartitionTask => {
  const key = `${topic}/${partition}`
  const known = run.tasks.get(key)
  if (known) return known
  const task = createTask(run, topic, partition)
  run.tasks.set(key, task)
  return task
}

const createTask = (run: Run, topic: string, partition: number): PartitionTask => {
  const { context, admin, metrics } = run
  const { settings, clock, kafkajs: kafka, logger, crashPoint } = context
  const route = routeOf(settings, topic, partition)
  const { zone } = inputOf(settings, topic)
  const pipeline = createTimestampsPipeline({ zone, localTime: settings.localTime, zoneCheck: settings.zoneCheck })
  const convert = createConvertBatch(route, pipeline, run.limits, run.memory)
  return createPartitionTask({
    route,
    logger,
    monotonicMs: clock.monotonicMs,
    convert: (records) => convert(records, clock.epochMs()),
    openWriter: async () => {
      // Input topics may have grown since the start, and the outputs have to grow with them.
      await ensureTopics(toKafkaAdmin(admin), settings, logger)
      metrics.writerOpened(topic)
      return openTransactionalWriter({ kafka, groupId: settings.groupId, route, crashPoint })
    },
    readPosition: () => readPosition(admin, settings.groupId, topic, partition),
  })
}

const inputOf = ({ inputs }: CommonSettings, topic: string): CommonSettings['inputs'][number] => {
  const input = inputs.find((candidate) => candidate.topic === topic)
  if (!input) throw new Error(`expected a topic of INPUTS, got ${topic}`)
  return input
}

const routeOf = (settings: CommonSettings, topic: string, partition: number): Route => {
  const { inputs, outputTopic, deadLetterTopic } = settings
  const index = inputs.indexOf(inputOf(settings, topic))
  return {
    topic,
    partition,
    outputTopic,
    deadLetterTopic,
    outputPartition: outputPartition(inputs.length, index, partition),
  }
}
