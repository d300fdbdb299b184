import { isTopicDenied } from '@kafka-etl/kafka'
import type { ConnectedContext } from '../context.js'
import { inputTopics } from '../topics.js'
import { marksTopic } from './replay-marks.js'

const setting = 'max.message.bytes'
/** Kafka's default, for a user without the permission to describe topic settings. */
const defaultBytes = 1_048_588

/** The largest batch, in bytes, of each topic that a replay writes to. */
export const readBatchLimits = async ({
  admin,
  settings,
  pipeline,
}: ConnectedContext): Promise<(topic: string) => number> => {
  const counts = await admin.readPartitionCounts([...inputTopics(pipeline), marksTopic(settings)])
  const limits = await admin.readTopicSettings([...counts.keys()], [setting]).catch((error: unknown) => {
    if (isTopicDenied(error)) return undefined
    throw error
  })
  return (topic) => Number(limits?.get(topic)?.get(setting) ?? defaultBytes)
}
