import { deadLetterTopicOf, groupOf } from '@kafka-etl/common'
import type { TopologyNames } from './topology.js'

/** The group and the dead letters of a pipeline whose settings name no others. */
export const defaultNames = (pipeline: string): TopologyNames => ({
  groupId: groupOf(pipeline),
  deadLetterTopic: deadLetterTopicOf(pipeline),
})
