import type { LogRange } from '@kafka-etl/kafka'
import {
  partitionOfSource,
  type AnyDefinition,
  type PartitionState,
  type Source,
  type Topology,
} from '@kafka-etl/pipeline'
import { markedFromKey, type CommittedPosition } from '../positions.js'
import { createHandledRecords } from './handled-records.js'
import { createLedger, type Ledger, type LedgerBounds, type OutputFacts } from './ledger.js'

/** Creates the ledger of an input partition from its log and the group's position. */
export const createLedgerOf = (
  definition: AnyDefinition,
  topology: Topology,
  facts: OutputFacts,
  log: LogRange,
  position: CommittedPosition | undefined,
  /** The state after the records before the log's start. */
  state: PartitionState,
): Ledger => {
  const source = sourceOf(topology, log.topic)
  const bounds = {
    ...toBounds(log, position),
    isCompacted: facts.compacted.has(log.topic),
    deadLetters: deadLettersOf(topology, source, log),
  }
  return createLedger(bounds, facts, createHandledRecords(definition, topology, source, state))
}

const sourceOf = ({ sources }: Topology, topic: string): Source => {
  const source = sources.find((candidate) => candidate.topic === topic)
  if (!source) throw new Error(`expected a step for ${topic}, found none`)
  return source
}

const deadLettersOf = ({ sources, deadLetters }: Topology, { index }: Source, { partition }: LogRange) => ({
  topic: deadLetters.topic,
  partition: partitionOfSource({ index, count: sources.length, partition }, deadLetters.partitions),
})

const toBounds = (
  { start }: LogRange,
  position: CommittedPosition | undefined,
): Pick<LedgerBounds, 'start' | 'committed' | 'countsUnmarked' | 'markedFrom'> => {
  const { offset, metadata } = position ?? {}
  const markedFrom = metadata?.others[markedFromKey]
  return {
    start: Number(start),
    committed: Number(offset ?? 0n),
    // Without an offset, the ETL starts at the log's start, and marks its outputs if there are outputs already.
    countsUnmarked: offset !== undefined && metadata?.isMarked !== true,
    markedFrom: typeof markedFrom === 'number' ? markedFrom : 0,
  }
}
