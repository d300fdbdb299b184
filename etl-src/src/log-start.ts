import type { Logger } from '@kafka-etl/common'
import type { StartPosition } from './judge-position.js'

/** Logs where the ETL begins to read an input partition, and why if that is not simply the committed offset. */
export const logStart = (logger: Logger, { topic, partition, kind, offset, metadata, logEnd }: StartPosition): void => {
  const fields = { topic, partition, offset: offset.toString(), topicId: metadata.topicId }
  const where = `${topic} partition ${partition}`
  const marks = 'its outputs carry the header source-topic-id'
  if (kind === 'made again') {
    logger.warn(fields, `${where}: the topic was deleted and recreated: reading the new one from its start; ${marks}`)
  } else if (kind !== 'committed' && metadata.isMarked) {
    logger.warn(
      fields,
      `${where}: there are outputs but no committed offset, so the topic may have been recreated: reading it from offset ${offset}; ${marks}`,
    )
  }
  if (kind === 'new at the end') {
    const beginning =
      logEnd === undefined
        ? `at the end, offset ${offset}`
        : `at offset ${offset}, with the unfinished update at the end, offset ${logEnd}`
    logger.info(fields, `${where}: the group has committed no offset: it begins ${beginning} (ETL_START)`)
  }
  logger.info(fields, `took over ${where}`)
}
