import type { ConnectedContext } from '../context.js'
import { findPositionFault, readPositions } from '../positions.js'
import { inputTopics, partitionKey } from '../topics.js'
import type { Check } from './check.js'

/** Whether the group can continue from its committed offsets. */
export const checkPositions = async ({ admin, settings, pipeline }: ConnectedContext): Promise<readonly Check[]> => {
  const wanted = inputTopics(pipeline)
  const present = await admin.readPartitionCounts(wanted)
  const topics = wanted.filter((topic) => present.has(topic))
  if (topics.length === 0) return []
  const positions = await readPositions(admin, settings.groupId, topics)
  // Read the logs last: they only grow, and no position can be beyond an end that was read after it.
  const logs = await admin.readLogRanges(topics)
  const faults = logs.flatMap((log): readonly Check[] => {
    const position = positions.get(partitionKey(log))
    const fault = position && findPositionFault(log, position)
    if (fault === undefined) return []
    const { sentence, command } = fault
    return [
      {
        name: 'positions',
        status: command === undefined ? 'warn' : 'fail',
        message: `${partitionKey(log)}: ${sentence}`,
        advice: command === undefined ? 'start the ETL, which reports the same' : `stop the ETL, then: ${command}`,
      },
    ]
  })
  const fine: Check = { name: 'positions', status: 'ok', message: 'every committed offset is in its log' }
  return faults.length === 0 ? [fine] : faults
}
