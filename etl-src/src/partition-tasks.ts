import { messageOf, type Logger } from '@kafka-etl/common'
import type { Assignment } from '@kafka-etl/kafka'
import type { PartitionOptions } from './opened-partition.js'
import { createPartitionTask, type PartitionTask } from './partition-task.js'

/** The tasks of the input partitions that are assigned to this instance. */
export type PartitionTasks = {
  /** The task of an input partition, created on first use. */
  readonly of: (topic: string, partition: number) => PartitionTask
  /** Keeps the tasks of these partitions, and closes the sinks of all others after their last batch. */
  readonly retain: (assignment: Assignment) => void
  readonly closeAll: () => Promise<void>
}

export type PartitionTasksOptions = {
  readonly groupId: string
  readonly logger: Logger
  readonly monotonicMs: () => number
  /** What a task does with its own partition. */
  readonly workOf: (topic: string, partition: number) => Pick<PartitionOptions, 'openWriter' | 'readTopicId'>
}

export const createPartitionTasks = (options: PartitionTasksOptions): PartitionTasks => {
  const { groupId, logger, monotonicMs, workOf } = options
  const tasks = new Map<string, PartitionTask>()

  const create = (topic: string, partition: number): PartitionTask =>
    createPartitionTask({ topic, partition, groupId, logger, monotonicMs, ...workOf(topic, partition) })
  const close = (key: string, task: PartitionTask): void => {
    tasks.delete(key)
    task
      .close()
      .catch((error: unknown) => logger.debug(`could not close the sink of ${key} properly: ${messageOf(error)}`))
  }

  return {
    of: (topic, partition) => {
      const key = keyOf(topic, partition)
      const task = tasks.get(key) ?? create(topic, partition)
      tasks.set(key, task)
      return task
    },
    retain: (assignment) => {
      const assigned = new Set(
        Object.entries(assignment).flatMap(([topic, partitions]) => partitions.map((each) => keyOf(topic, each))),
      )
      for (const [key, task] of tasks) if (!assigned.has(key)) close(key, task)
    },
    closeAll: async () => {
      await Promise.all([...tasks.values()].map((task) => task.close()))
    },
  }
}

const keyOf = (topic: string, partition: number): string => `${topic}/${partition}`
