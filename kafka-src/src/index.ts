export {
  listAccessRules,
  serviceUsers,
  type AccessNames,
  type AccessRule,
  type ServiceUser,
} from './access/access-rules.js'
export { grantAccess } from './access/grant-access.js'
export { findFormerMember } from './former-member.js'
export { explainKafkaError } from './errors.js'
export { createKafka, withKafka, type Kafka } from './client.js'
export { readRanges, type OffsetRange, type RangesRead, type ReadRangesOptions } from './read-ranges.js'
export {
  batchOverheadBytes,
  createRunBuilder,
  toMessage,
  type EncodableRecord,
  type RecordRun,
  type RunBuilder,
} from './records/encoded-records.js'
export { createRunMemory, type RunMemory } from './records/memory.js'
export { formatSource, headerNames, parseSource, type SourceCoordinates } from './records/source.js'
export {
  anyTimestamp,
  ensureTopics,
  planTopics,
  readPartitionCounts,
  repeatWhileBeingMade,
  type PartitionCounts,
} from './topics.js'
export { sizeOfVarint, writeVarint } from './records/varint.js'
export { waitForKafka } from './wait-for-kafka.js'
