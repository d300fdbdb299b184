export { parsers, setting } from '@kafka-etl/common'
export { Type, type Static, type TSchema } from 'typebox'
export { listAccessNames } from './access-names.js'
export { createChain, type ChainListener, type SentRecord } from './chain.js'
export { defaultNames } from './names.js'
export { connectFormats, hasRegisteredFormats } from './connect-formats.js'
export type { ConnectedDefinition, PrepareValues } from './registry/connected-formats.js'
export {
  columnName,
  createFormatRow,
  formatHeader,
  isFormula,
  type FormattedRow,
  type ResultRecord,
  type RowOptions,
} from './csv-row.js'
export { definePipeline, type Pipeline } from './define-pipeline.js'
export type { AnyDefinition, PipelineDefinition, Step, To, Topic, UpdateStep, UpdateTools } from './definition.js'
export { fastPathOf, fastThen, outputRoomBytes, type FastPath, type OutputRoom, type WriteFast } from './fast-step.js'
export { drop, reject, type Dropped, type Fate, type Output, type OutputOptions, type Rejected } from './fate.js'
export {
  formatReasons,
  type Decoded,
  type DecodedRows,
  type EncodeContext,
  type Encoded,
  type Format,
  type FormatReason,
  type FormatState,
  type RowsFormat,
} from './formats/format.js'
export { csv, type CsvOptions } from './formats/csv.js'
export { bytes } from './formats/bytes.js'
export { json, type JsonOptions } from './formats/json.js'
export { raw, type RawOptions, type RawValue } from './formats/raw.js'
export { murmur2, partitionOfKey, partitionOfSource } from './partition.js'
export { findPipelineFaults } from './pipeline-faults.js'
export { listReasons } from './reasons.js'
export { headersOfLoop, sourceOf, type Header, type StepRecord } from './record.js'
export { filesOfResult, findResultFiles, listResultPaths, type ResultFiles } from './result-files.js'
export { findColumnFaults, findResultFaults, listResults, type PlannedResult } from './planned-results.js'
export { rows, type Result } from './results.js'
export { avro } from './schemas/avro/avro.js'
export type { AvroSchema, AvroValue } from './schemas/avro/avro-value.js'
export { parseJsonWithIntegers, stringifyWithIntegers } from './schemas/json-with-integers.js'
export { jsonSchema } from './schemas/json-schema.js'
export { protobuf } from './schemas/protobuf/protobuf.js'
export type { KnownSchemas, RegisteredSchema, SchemaType } from './schemas/registered-schema.js'
export { framesOf } from './registry/registered-topics.js'
export { createEncodeKey, makeKeyOf } from './key-format.js'
export { createMakeKey, unique, type Key, type MakeKey } from './key.js'
export { createOpenRun, type PartitionRun, type PartitionState } from './partition-run.js'
export { createRunStep } from './run-step.js'
export { makeAll, type InputRecord, type MadeRecord, type Making, type StepOutcome } from './step-outcome.js'
export { settleUpdate, type Handled } from './updates.js'
export {
  generated,
  isOneSample,
  lines,
  type GeneratedSample,
  type LinesSample,
  type Sample,
  type SampleRecord,
} from './sample.js'
export { needsOfPipeline, type PipelineNeeds } from './topic-needs.js'
export {
  listRoutes,
  listSources,
  namesOfTopic,
  planTopology,
  transactionalIdOf,
  type PartitionCounts,
  type PlannedTopic,
  type Source,
  type Topology,
  type TopologyNames,
} from './topology.js'
