export {
  engineUser,
  listAccessRules,
  listEngineRules,
  serviceUsers,
  type AccessNames,
  type AccessRule,
  type EngineAccessNames,
  type ServiceUser,
} from './access/access-rules.js'
export { grantAccess } from './access/grant-access.js'
export {
  fitsCommittedMetadata,
  formatCommittedMetadata,
  noMetadata,
  parseCommittedMetadata,
  type CommittedMetadata,
} from './admin/committed-metadata.js'
export type { AccessEntry, Operation, ResourceKind } from './admin/access-entries.js'
export type { CommittedOffset, CommittedOffsetsQuery } from './admin/committed-offsets.js'
export { listUnreadPartitions, type GroupDescription, type GroupMember } from './admin/groups.js'
export { ensureTopics } from './admin/ensure-topics.js'
export type { BrokerAddress, ClusterDescription, KafkaAdmin } from './admin/kafka-admin.js'
export type { LogRange, PartitionOffset } from './admin/log-ranges.js'
export type { BatchSpan, LogPage, ReadLogPage } from './admin/log-pages.js'
export type { OpenTransaction } from './admin/open-transactions.js'
export { describeOldFormat, findOldFormats, formatSetting } from './admin/old-formats.js'
export type { TopicSettings } from './admin/topic-settings.js'
export { apiVersionsFrame, type ApiVersion } from './requests/api-versions.js'
export { explainKafkaError } from './errors/explain-kafka-error.js'
export { isTopicDenied } from './errors/kafka-errors.js'
export { describeSinkFailure, isOffsetPending, type SinkFailure } from './errors/sink-failures.js'
export type { KafkaOptions } from './client/client.js'
export { createKafka, withKafka, type Kafka } from './kafka.js'
export type { IdempotentSink, IdempotentSinkOptions } from './sinks/idempotent-sink.js'
export type { PartitionWrite } from './sinks/partition-write.js'
export type {
  GroupPosition,
  TransactionalCrashPoint,
  TransactionalSink,
  TransactionalSinkOptions,
  TransactionContent,
} from './sinks/transactional-sink.js'
export {
  createBatchReader,
  type BatchReaderOptions,
  type ConsumedBatch,
  type CreateBatch,
} from './records/consumed-batch.js'
export { CorruptRecordsError } from './records/corrupt-records.js'
export type { FetchedBatch } from './records/fetched-batch.js'
export type { RecordChunk } from './records/record-chunks.js'
export type { Records, RecordViews } from './records/records.js'
export { createHeldRecords, type HeldRecords } from './records/held-records.js'
export { encodableOf, encodableWith } from './records/encodable-of.js'
export { encodeHeaders, readHeaders, type HeadersByName, type RecordHeader } from './records/headers.js'
export type { RecordView } from './records/record-view.js'
export type { OffsetRange, RangesRead, ReadRangesOptions } from './source/read-ranges.js'
export type { Assignment, Delivery, PassedOver, Position, RecordSource, SourceOptions } from './source/record-source.js'
export {
  createRunBuilder,
  toMessage,
  type EncodableRecord,
  type EncodedRecords,
  type RunBuilder,
} from './records/encoded-records.js'
export { encodeText, mostBytesOfCharacter, readHeaderCount, writeText } from './records/header-text.js'
export { batchOverheadBytes } from './records/record-batch.js'
export { createRunMemory, type RunMemory } from './records/memory.js'
export { createWriteSourceHeader, sourceHeaderBytes, type WriteSourceHeader } from './records/source-header.js'
export { formatSource, headerNames, parseSource, type SourceCoordinates } from './records/source.js'
export {
  planTopics,
  type NeededTopic,
  type NewTopic,
  type PartitionCounts,
  type PartitionDescription,
  type TopicDescription,
  type TopicNeeds,
} from './admin/topics.js'
export { sizeOfVarint, writeVarint } from './records/varint.js'
export { waitForKafka } from './waiting/wait-for-kafka.js'
