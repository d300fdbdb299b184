import type { Dropped, Rejected } from './fate.js'
import type { Header, StepRecord } from './record.js'

/** A record of an input topic, as bytes. */
export type InputRecord = Omit<StepRecord<unknown>, 'value'> & { readonly value: Buffer | null }

/** A record to be written. The ETL adds `source`. */
export type MadeRecord = {
  readonly alias: string
  readonly topic: string
  readonly partition: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  /** The headers, without those that the ETL adds. */
  readonly headers: readonly Header[]
  /** The event time in ms since 1970; undefined if the step sets none. */
  readonly eventTimeMs: number | undefined
  readonly warning: string | undefined
  /** The index among the records that the input produces in this topic, from 0; `sourceOf` uses it. */
  readonly index: number
}

/** The result for one input record: all of its outputs, or none. */
export type StepOutcome = Made | Dropped | Rejected

export type Made = {
  readonly kind: 'made'
  readonly records: readonly MadeRecord[]
  /** Why single rows of the record were dropped; absent: none were. */
  readonly dropped?: readonly string[]
  /** Whether the record held no value: it was a header, empty lines, or the end of an update. */
  readonly isEmpty?: boolean
}

/**
 * The outputs of an update, created as they are taken: they are never all in memory. If one of them is rejected, so is
 * the update, and the outputs taken before it must not be written.
 */
export type Making = {
  readonly kind: 'making'
  /** `take` returns the reason if a record cannot be written, which ends the iteration. */
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
