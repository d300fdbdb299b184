import type { Dropped, Rejected } from './fate.js'
import type { Header, StepRecord } from './record.js'

/** A record of a topic that is read, as bytes. */
export type InputRecord = Omit<StepRecord<unknown>, 'value'> & { readonly value: Buffer | null }

/** A record to be written. The loop adds `source`. */
export type MadeRecord = {
  readonly alias: string
  readonly topic: string
  readonly partition: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  /** Without those that the loop adds. */
  readonly headers: readonly Header[]
  /** When it happened, ms since 1970; undefined if the step does not say. */
  readonly eventTimeMs: number | undefined
  readonly warning: string | undefined
  /** Counts what its input makes of its topic, from 0; `sourceOf` tells them apart by it. */
  readonly index: number
}

/** What became of one input record: all of its outputs, or none. */
export type StepOutcome = Made | Dropped | Rejected

export type Made = {
  readonly kind: 'made'
  readonly records: readonly MadeRecord[]
  /** Why single rows of the record were dropped; absent: none were. */
  readonly dropped?: readonly string[]
  /** The record held no value: it was a header, empty lines, or the end of an update. */
  readonly isEmpty?: boolean
}

/**
 * The outputs of an update, made while they are taken, so that they are never all in memory. If one of them is rejected,
 * so is the update: those taken before must not be written.
 */
export type Making = {
  readonly kind: 'making'
  /** `take` says why a record cannot be written, which ends it. */
  readonly makeEach: <Refusal>(take: (record: MadeRecord) => Refusal | undefined) => Refusal | Rejected | undefined
}

/** All records at once. */
export const makeAll = (outcome: StepOutcome | Making): StepOutcome => {
  if (outcome.kind !== 'making') return outcome
  const records: MadeRecord[] = []
  const rejected = outcome.makeEach((record): undefined => void records.push(record))
  return rejected ?? { kind: 'made', records }
}

export const failed = (message: string): Rejected => ({ kind: 'rejected', reason: 'step_failed', message })
