import { deadLetterTopicOf, groupOf } from '@kafka-etl/common'
import type { TopologyNames } from './topology.js'

/** The default group and dead letter topic of a pipeline. */
export const defaultNames = (pipeline: string): TopologyNames => ({
  groupId: groupOf(pipeline),
  deadLetterTopic: deadLetterTopicOf(pipeline),
})
