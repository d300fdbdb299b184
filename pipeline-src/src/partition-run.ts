import type { AnyDefinition, AnyTo, AnyUpdateStep } from './definition.js'
import type { Rejected } from './fate.js'
import type { Decoded, Format, FormatState } from './formats/format.js'
import { createEncode, type Encode } from './encode-outputs.js'
import { createEncodeUpdate, type EncodeUpdate } from './encode-update.js'
import { createJudge, type Judge, type Judged } from './judge-fate.js'
import { createRunStep, createTo, stepOf } from './run-step.js'
import type { InputRecord, Made, Making, StepOutcome } from './step-outcome.js'
import type { Source, Topology } from './topology.js'

/** What must be known about a partition's earlier records. It is stored with the committed offset. */
export type PartitionState = {
  /** For a format whose records depend on the first one; undefined: that one has not come yet. */
  readonly format?: FormatState | undefined
  /** Only for a topic with `updates`: how many updates have ended. */
  readonly commits?: number
}

/** Handles the records of one input partition in order. */
export type PartitionRun = {
  /**
   * From bytes to bytes; never throws. For a topic with `updates`, the caller keeps the outcomes until `isCommit` says
   * that the update has ended. If the last record is rejected, so is each row of the update.
   */
  readonly run: (record: InputRecord) => StepOutcome | Making
  /** Whether a record with this value ends an update; undefined for a topic without updates. */
  readonly isCommit?: (value: Buffer | null) => boolean
  /** The state to store with the offset after the last record. */
  readonly state: () => PartitionState
}

/** Creates the function that resumes from the committed state of a partition. */
export const createOpenRun = (
  definition: AnyDefinition,
  topology: Topology,
  source: Source,
): ((state: PartitionState) => PartitionRun) => {
  const topic = definition.topics[source.alias]
  const step = definition.steps[source.alias]
  if (!topic || !step) throw new Error(`expected ${source.alias} to have a format and a step, found none`)
  const tools: Tools = {
    definition,
    to: createTo(definition),
    judge: createJudge(definition),
    encode: createEncode(definition, topology, source),
  }
  if (topic.updates !== undefined) {
    const commitText = Buffer.from(topic.updates)
    if (typeof step === 'function') {
      return ({ format, commits = 0 }) =>
        openRecordsOfUpdates(openRecords(tools, topic.value, source, format), commitText, commits)
    }
    const encodeUpdate = createEncodeUpdate(definition, topology, source)
    return ({ format, commits = 0 }) =>
      openUpdates({ ...tools, encodeUpdate }, openRead(topic.value, format), step, commitText, commits)
  }
  if (topic.value.rows) return ({ format }) => openRecords(tools, topic.value, source, format)
  const run = createRunStep(definition, topology, source)
  return () => ({ run, state: () => noState })
}

const noState: PartitionState = Object.freeze({})

type Tools = {
  readonly definition: AnyDefinition
  readonly to: AnyTo
  readonly judge: Judge
  readonly encode: Encode
}

/** Reads the values of one record after the other, and keeps the state of the format. */
type Read = {
  readonly values: (record: InputRecord) => Decoded<readonly unknown[]>
  readonly state: () => Pick<PartitionState, 'format'>
}

const openRead = (format: Format<unknown>, start: FormatState | undefined): Read => {
  const { rows } = format
  if (!rows) {
    return {
      values: ({ value }) => {
        const decoded = format.decode(value)
        return decoded.ok ? { ok: true, value: [decoded.value] } : decoded
      },
      state: () => noState,
    }
  }
  let state = start
  return {
    values: ({ value, offset }) => {
      const read = rows.decode(value, offset, state)
      state = read.state
      return read.decoded
    },
    state: () => (rows.startsWithHeader ? { format: state } : noState),
  }
}

/** Calls the step for each value of a record. If the step rejects one of them, the whole record is rejected. */
const openRecords = (
  { definition, to, judge, encode }: Tools,
  format: Format<unknown>,
  source: Source,
  start: FormatState | undefined,
): PartitionRun => {
  const read = openRead(format, start)
  const step = stepOf(definition, source.alias) ?? noStep
  const tools = { to }
  const run = (record: InputRecord): StepOutcome => {
    const values = read.values(record)
    if (!values.ok) return rejectedBy(values)
    if (values.value.length === 0) return nothing
    const judged = values.value.map((value) => judge(step, { ...record, value }, tools))
    const rejected = judged.find(isRejection)
    if (rejected) return rejected
    const dropped = judged.flatMap((each) => (each.kind === 'dropped' ? [each.why] : []))
    const outputs = judged.flatMap((each) => (each.kind === 'outputs' ? each.outputs : []))
    const made = encode(outputs, record)
    return made.kind === 'made' && dropped.length > 0 ? { ...made, dropped } : made
  }
  return { run, state: read.state }
}

const noStep = (): undefined => undefined

const isRejection = (judged: Judged): judged is Rejected => judged.kind === 'rejected'

const rejectedBy = ({ reason, message }: { readonly reason: string; readonly message: string }): Rejected => ({
  kind: 'rejected',
  reason,
  message,
})

const nothing: Made = Object.freeze({ kind: 'made', records: [], isEmpty: true })
/** The outcome of a row: its outputs follow at the end of its update. */
const later: Made = Object.freeze({ kind: 'made', records: [] })

/** A step that runs for each record, whose outputs become visible only with the whole update. */
const openRecordsOfUpdates = (inner: PartitionRun, commitText: Buffer, start: number): PartitionRun => {
  let commits = start
  const isCommit = isText(commitText)
  const run: PartitionRun['run'] = (record) => {
    if (!isCommit(record.value)) return inner.run(record)
    commits++
    return nothing
  }
  return { run, isCommit, state: () => ({ ...inner.state(), commits }) }
}

/** A step that runs at the end of an update, with all its rows. */
const openUpdates = (
  { to, judge, encodeUpdate }: Tools & { readonly encodeUpdate: EncodeUpdate },
  read: Read,
  { update }: AnyUpdateStep,
  commitText: Buffer,
  start: number,
): PartitionRun => {
  let commits = start
  let rows: unknown[] = []
  const isCommit = isText(commitText)

  const end = (record: InputRecord): StepOutcome | Making => {
    commits++
    const ended = rows
    rows = []
    if (ended.length === 0) return nothing
    const judged = judge(update, ended, { to, commit: commits, handledAtMs: record.handledAtMs })
    return judged.kind === 'outputs' ? encodeUpdate(judged.outputs, record) : judged
  }
  const run = (record: InputRecord): StepOutcome | Making => {
    if (isCommit(record.value)) return end(record)
    const values = read.values(record)
    if (!values.ok) return rejectedBy(values)
    for (const value of values.value) rows.push(value)
    return values.value.length === 0 ? nothing : later
  }
  return { run, isCommit, state: () => ({ ...read.state(), commits }) }
}

const isText =
  (text: Buffer) =>
  (value: Buffer | null): boolean =>
    value?.length === text.length && value.equals(text)
