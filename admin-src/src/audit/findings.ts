import { createExamples, createOffsetExamples, type Examples, type OffsetExamples } from './examples.js'
import type { FoundOutput } from './output-book.js'

/** The findings from comparing an input partition's records with their outputs. */
export type Findings = {
  /** Counts by reason: a record that the step drops has no output. */
  readonly dropped: Record<string, number>
  /** Records that the group has not committed and that have no output yet. */
  pending: number
  /** Committed records whose outputs may have been deleted: the audit cannot judge them. */
  gone: number
  /** Committed records that lack a required output. */
  readonly lost: OffsetExamples
  /** Outputs that occur more than once. */
  readonly duplicates: Examples
  /** Outputs of a record that is missing although its offset is not deleted, or for which the step makes none. */
  readonly unexpected: OffsetExamples
  /** Outputs and dead letters that differ from what the step makes. */
  readonly different: Examples
}

export const createFindings = (): Findings => ({
  dropped: {},
  pending: 0,
  gone: 0,
  lost: createOffsetExamples(),
  duplicates: createExamples(),
  unexpected: createOffsetExamples(),
  different: createExamples(),
})

export const addRepeat = ({ duplicates }: Findings, { place, source }: FoundOutput): void =>
  duplicates.add(`${place.topic}/${place.partition}/${place.offset} repeats ${source}`)

export const addDifferent = ({ different }: Findings, { place, source }: FoundOutput): void =>
  different.add(`${place.topic}/${place.partition}/${place.offset} of ${source}`)
