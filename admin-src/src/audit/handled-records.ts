import {
  createOpenRun,
  makeAll,
  settleUpdate,
  type AnyDefinition,
  type Handled,
  type PartitionState,
  type Source,
  type StepOutcome,
  type Topology,
} from '@kafka-etl/pipeline'
import type { InputRecord } from '@kafka-etl/pipeline'

/** Reruns the step over one partition's records, in order. */
export type HandledRecords = {
  /** The records whose outcome is decided with this one: itself, all rows of an update that it ends, or none yet. */
  readonly add: (record: InputRecord) => readonly Handled[]
  /** Reruns the step for a record at another time; undefined if a single record has no outcome of its own. */
  readonly again: ((record: InputRecord) => StepOutcome) | undefined
}

/** `state`: the state after the records before the first one. */
export const createHandledRecords = (
  definition: AnyDefinition,
  topology: Topology,
  source: Source,
  state: PartitionState,
): HandledRecords => {
  const open = createOpenRun(definition, topology, source)
  const opened = open(state)
  const { isCommit } = opened
  const run = (record: InputRecord): StepOutcome => makeAll(opened.run(record))
  const topic = definition.topics[source.alias]
  const isAlone = topic?.updates === undefined && topic?.value.rows === undefined
  let pending: Handled[] = []
  return {
    add: (record) => {
      const handled = { record, outcome: run(record) }
      if (!isCommit) return [handled]
      if (!isCommit(record.value)) {
        pending.push(handled)
        return []
      }
      const settled = settleUpdate(pending, handled)
      pending = []
      return settled
    },
    again: isAlone ? run : undefined,
  }
}
