import type { Logger } from '@kafka-etl/common'
import type { KafkaAdmin, NewTopic, PartitionCounts } from '@kafka-etl/kafka'
import type { JobFile } from './sql/job-file.js'

type TopicsAdmin = Pick<KafkaAdmin, 'readPartitionCounts' | 'awaitPartitionCounts' | 'createTopics'>

export type JobTopics = {
  /**
   * Missing topics that the job writes. The topic of an upsert table is compacted: it holds the latest record of each
   * key.
   */
  readonly create: readonly NewTopic[]
  /** Missing topics that the job reads: somebody else creates them, with the partitions they need. */
  readonly missing: readonly string[]
}

export const planJobTopics = ({ tables, parallelism }: JobFile, existing: PartitionCounts): JobTopics => {
  const isAbsent = (topic: string): boolean => !existing.has(topic)
  const sinks = tables.filter(({ isSink }) => isSink)
  const written = sinks.flatMap(({ topics, isUpsert }) => topics.map((topic) => ({ topic, isUpsert })))
  const read = tables.filter(({ isSink }) => !isSink).flatMap(({ topics }) => topics)
  return {
    create: written
      .filter(({ topic }) => isAbsent(topic))
      .map(({ topic, isUpsert }) => ({
        topic,
        partitions: parallelism,
        ...(isUpsert ? { settings: { 'cleanup.policy': 'compact' } } : {}),
      })),
    missing: [...new Set(read)].filter((topic) => isAbsent(topic) && !written.some((sink) => sink.topic === topic)),
  }
}

/** Creates the topics that a job writes; resolves to the missing ones that it would read. */
export const prepareTopics = async (admin: TopicsAdmin, job: JobFile, logger: Logger): Promise<readonly string[]> => {
  const all = [...new Set(job.tables.flatMap(({ topics }) => topics))]
  const { create, missing } = planJobTopics(job, await admin.readPartitionCounts(all))
  if (create.length > 0 && (await admin.createTopics(create))) logger.info({ topics: create }, 'created topics')
  await admin.awaitPartitionCounts(create.map(({ topic }) => topic))
  return missing
}
